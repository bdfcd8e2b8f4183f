package org.sessionlink.watch;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.AuditEntry.Target;

/**
 * Which entries of the audit trail somebody looks for: what has become of a link, or of
 * the links that were a user's, and who did it. What people have done to all links at
 * once is among it.
 *
 * @param text the start of a fingerprint, or part of a user's name; empty for any
 * @param link the fingerprint of a link, or null for any
 * @param user the name of a user, or null for any
 * @param actions empty for any
 */
record AuditFilter(String text, @Nullable String link, @Nullable String user, Set<Action> actions) {

	AuditFilter {
		text = text.strip().toLowerCase(Locale.ROOT);
		// As entries are.
		user = AuditEntry.cut(user);
	}

	/** Returns those that are looked for, in the same order. */
	List<AuditEntry> of(List<AuditEntry> entries) {
		Set<String> links = new HashSet<>();
		Set<String> users = new HashSet<>();
		for (AuditEntry entry : entries) {
			Target target = entry.target();
			if (isWanted(target)) {
				add(links, target.link());
				add(users, target.user());
			}
		}
		return entries.stream()
			.filter((entry) -> this.actions.isEmpty() || this.actions.contains(entry.action()))
			.filter((entry) -> isForAll() || concerns(entry, links, users))
			.toList();
	}

	private boolean isWanted(Target target) {
		return (this.link == null || this.link.equals(target.link()))
				&& (this.user == null || this.user.equals(target.user())) && matches(target);
	}

	private boolean matches(Target target) {
		String link = target.link();
		String user = target.user();
		return this.text.isEmpty() || (link != null && link.startsWith(this.text))
				|| (user != null && user.toLowerCase(Locale.ROOT).contains(this.text));
	}

	private boolean isForAll() {
		return this.link == null && this.user == null && this.text.isEmpty();
	}

	private static void add(Set<String> all, @Nullable String one) {
		if (one != null) {
			all.add(one);
		}
	}

	// Of a link also what came before its user logged in, and of its user what ended all
	// of theirs.
	private boolean concerns(AuditEntry entry, Set<String> links, Set<String> users) {
		Target target = entry.target();
		if (target.link() != null) {
			return Objects.equals(this.link, target.link()) || (this.link == null && links.contains(target.link()));
		}
		return (target.user() != null) ? target.user().equals(this.user) || users.contains(target.user())
				: entry.who() != null;
	}

}
