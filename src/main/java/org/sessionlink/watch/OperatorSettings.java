package org.sessionlink.watch;

import org.jspecify.annotations.Nullable;

/**
 * The account of the operator, where the application has no accounts of its own.
 *
 * @param name the name to log in with
 * @param password the password; null for one that is made at the start and logged once
 */
public record OperatorSettings(String name, @Nullable String password) {

	@Override
	public String toString() {
		return "OperatorSettings[name=" + this.name + "]";
	}

}
