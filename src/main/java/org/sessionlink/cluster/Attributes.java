package org.sessionlink.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.core.serializer.DefaultDeserializer;
import org.springframework.core.serializer.DefaultSerializer;
import org.springframework.core.serializer.Serializer;

/**
 * The attributes of sessions as they are in a record: serialized by Java, each behind an
 * {@code @}. Of a session there may be so much that it takes a tenth of a second, for
 * which everybody else waits.
 */
final class Attributes {

	private static final String MARK = "@";

	static final int MOST_MEGABYTES = 16;

	static final int MOST = MOST_MEGABYTES * 1024 * 1024;

	private final Serializer<Object> serializer = new DefaultSerializer();

	private final DefaultDeserializer deserializer;

	/** Makes those of an application, whose classes are found by its class loader. */
	Attributes(ClassLoader application) {
		this.deserializer = new DefaultDeserializer(application);
	}

	/**
	 * Writes what has changed, but what cannot be written, and the largest of what is
	 * more than may be.
	 * @param changes null for what was taken out
	 */
	Written write(Map<String, @Nullable Object> changes) {
		Written written = new Written();
		changes.forEach((name, value) -> {
			if (value == null) {
				written.removed.add(Redis.bytes(MARK + name));
			}
			else {
				write(name, value, written);
			}
		});
		written.values.sort(Comparator.comparingInt((one) -> one.bytes.length));
		return written;
	}

	private void write(String name, Object value, Written into) {
		try {
			into.add(new Value(name, this.serializer.serializeToByteArray(value)));
		}
		catch (IOException | RuntimeException | StackOverflowError ex) {
			into.failed.putIfAbsent(name, ex);
		}
	}

	/** Returns the name of the attribute that a field of a record is. */
	static String name(String field) {
		return field.substring(MARK.length());
	}

	/**
	 * Reads those of a record.
	 * @throws UnreadableSessionException if one of them cannot be read
	 */
	Map<String, Object> read(Map<String, byte[]> fields) {
		Map<String, Object> attributes = new HashMap<>();
		fields.forEach((field, value) -> {
			if (field.startsWith(MARK)) {
				attributes.put(name(field), read(name(field), value));
			}
		});
		return attributes;
	}

	private Object read(String name, byte[] value) {
		try {
			return this.deserializer.deserializeFromByteArray(value);
		}
		catch (IOException | RuntimeException | LinkageError | StackOverflowError ex) {
			throw new UnreadableSessionException(
					"Its attribute '" + name + "' cannot be read: another version of a class may have written it.", ex);
		}
	}

	private record Value(String name, byte[] bytes) {

	}

	/** What is to be written of a session, the smallest first. */
	static final class Written {

		private final List<Value> values = new ArrayList<>();

		private final List<byte[]> removed = new ArrayList<>();

		private final List<String> large = new ArrayList<>();

		private final Map<String, Throwable> failed = new HashMap<>();

		private long bytes;

		private void add(Value value) {
			this.values.add(value);
			this.bytes += value.bytes.length;
			while (this.bytes > MOST) {
				Value largest = Collections.max(this.values, Comparator.comparingInt((one) -> one.bytes.length));
				this.values.remove(largest);
				this.bytes -= largest.bytes.length;
				this.large.add(largest.name);
			}
		}

		/** Returns how much it is. */
		long bytes() {
			return this.bytes;
		}

		/** Returns how many values there are, names and values, and names to take out. */
		List<byte[]> arguments() {
			List<byte[]> arguments = new ArrayList<>();
			arguments.add(Redis.bytes(Integer.toString(this.values.size())));
			this.values.forEach((value) -> {
				arguments.add(Redis.bytes(MARK + value.name));
				arguments.add(value.bytes);
			});
			arguments.addAll(this.removed);
			return arguments;
		}

		/**
		 * Returns what was left out, or null.
		 * @param fields those that would have made the record larger than may be
		 */
		@Nullable UnwritableAttributeException unwritten(List<String> fields) {
			fields.forEach((field) -> this.large.add(name(field)));
			if (!this.failed.isEmpty()) {
				return UnwritableAttributeException.failing(this.failed, this.large);
			}
			return this.large.isEmpty() ? null : UnwritableAttributeException.large(this.large);
		}

	}

}
