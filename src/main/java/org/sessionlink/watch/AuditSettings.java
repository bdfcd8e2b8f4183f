package org.sessionlink.watch;

import java.util.Set;

import org.sessionlink.watch.AuditEntry.Action;

/**
 * What the audit trail keeps.
 *
 * @param without what happens by itself and is not written down
 */
public record AuditSettings(Set<Action> without) {

	/** All of it. */
	public static final AuditSettings ALL = new AuditSettings(Set.of());

	public AuditSettings {
		without = Set.copyOf(without);
	}

}
