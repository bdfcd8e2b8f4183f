package org.sessionlink.watch;

import java.util.Map;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A number that is metered.
 *
 * @param name that of the metric
 * @param unit the base unit, or null for a plain number
 * @param description what it is, in a sentence
 * @param grows whether it only ever grows, from 0 at the start
 * @param tags what tells it from others of this name: nothing that a stranger chooses
 * @param value what it is now; asked on any thread, waits for nobody, and throws nothing
 */
public record Figure(String name, @Nullable String unit, String description, boolean grows, Map<String, String> tags,
		DoubleSupplier value) {

	/** Returns one that goes up and down. */
	public static Figure of(String name, @Nullable String unit, String description, DoubleSupplier value) {
		return new Figure(name, unit, description, false, Map.of(), value);
	}

	/** Returns one that counts. */
	public static Figure count(String name, String description, Map<String, String> tags, DoubleSupplier value) {
		return new Figure(name, null, description, true, tags, value);
	}

}
