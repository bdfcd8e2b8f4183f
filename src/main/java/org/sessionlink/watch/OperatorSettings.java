package org.sessionlink.watch;

import org.jspecify.annotations.Nullable;

/**
 * The accounts of the operator and the observer, where the application has no accounts of
 * its own.
 *
 * @param name the operator's name to log in with
 * @param password the password; null for one that is made at the start and logged once
 * @param observerName the name of somebody who looks and may end nothing
 * @param observerPassword the password; null where there is no such account
 */
public record OperatorSettings(String name, @Nullable String password, String observerName,
		@Nullable String observerPassword) {

	@Override
	public String toString() {
		return "OperatorSettings[name=" + this.name + ", observerName=" + this.observerName + "]";
	}

}
