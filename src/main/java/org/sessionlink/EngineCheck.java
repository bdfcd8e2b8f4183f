package org.sessionlink;

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.watch.HealthCheck;

/**
 * Whether something elsewhere is there that this server needs.
 *
 * @param name what it is, for strangers: what exactly is wrong stands in the log
 * @param away whether it is not there
 * @param isReady whether this server can do without it for now
 */
record EngineCheck(String name, BooleanSupplier away, BooleanSupplier isReady) implements HealthCheck {

	@Override
	public @Nullable String concern() {
		return this.away.getAsBoolean() ? this.name : null;
	}

	@Override
	public boolean ready() {
		return this.isReady.getAsBoolean();
	}

}
