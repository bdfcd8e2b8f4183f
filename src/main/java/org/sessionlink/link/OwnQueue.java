package org.sessionlink.link;

import java.util.Set;

/**
 * A queue of SessionLink's own, over which only those hear who have one of these roles,
 * whatever else the application allows (B26).
 *
 * @param name below the prefix of user destinations, such as {@code queue/operators}
 */
public record OwnQueue(String name, Set<String> roles) {

	public OwnQueue {
		roles = Set.copyOf(roles);
	}

	boolean isOpenTo(Identity identity) {
		return this.roles.stream().anyMatch(identity.roles()::contains);
	}

}
