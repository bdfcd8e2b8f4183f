package org.sessionlink.outbound;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The attributes of a socket as they are, but for what they print: their names alone.
 * Among them is the id of the HTTP session, which is a credential, and Spring prints them
 * with each message that it has to say something about.
 */
final class SocketAttributes extends AbstractMap<String, Object> {

	private final Map<String, Object> all;

	SocketAttributes(Map<String, Object> all) {
		this.all = all;
	}

	@Override
	public String toString() {
		return this.all.keySet().toString();
	}

	@Override
	public Set<Entry<String, Object>> entrySet() {
		return this.all.entrySet();
	}

	// What follows would take more than one step, or look through all of them.

	@Override
	public @Nullable Object get(Object name) {
		return this.all.get(name);
	}

	@Override
	public boolean containsKey(Object name) {
		return this.all.containsKey(name);
	}

	@Override
	public @Nullable Object put(String name, Object value) {
		return this.all.put(name, value);
	}

	@Override
	public @Nullable Object remove(Object name) {
		return this.all.remove(name);
	}

	@Override
	public boolean remove(Object name, Object value) {
		return this.all.remove(name, value);
	}

	@Override
	public @Nullable Object replace(String name, Object value) {
		return this.all.replace(name, value);
	}

	@Override
	public boolean replace(String name, Object before, Object value) {
		return this.all.replace(name, before, value);
	}

	@Override
	public @Nullable Object putIfAbsent(String name, Object value) {
		return this.all.putIfAbsent(name, value);
	}

	@Override
	public Object computeIfAbsent(String name, Function<? super String, ? extends Object> value) {
		return this.all.computeIfAbsent(name, value);
	}

	@Override
	public @Nullable Object computeIfPresent(String name,
			BiFunction<? super String, ? super Object, ? extends @Nullable Object> change) {
		return this.all.computeIfPresent(name, change);
	}

	@Override
	public @Nullable Object compute(String name,
			BiFunction<? super String, ? super @Nullable Object, ? extends @Nullable Object> change) {
		return this.all.compute(name, change);
	}

	@Override
	public @Nullable Object merge(String name, Object value,
			BiFunction<? super Object, ? super Object, ? extends @Nullable Object> change) {
		return this.all.merge(name, value, change);
	}

}
