package org.sessionlink.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.store.SessionKey;
import org.sessionlink.store.SessionLinks;

import org.springframework.session.MapSession;
import org.springframework.session.Session;

/**
 * A session as one request or message method sees it: what was read of it, and what has
 * changed since, which alone is written back, so that nobody takes back what others have
 * changed meanwhile.
 *
 * <p>
 * When it was used last its link knows; what Spring Session notes of that is left out.
 * Whether it has expired the store has said as it was read. Safe for use by any thread:
 * all of it changes under its lock.
 */
final class SharedSession implements Session {

	private final MapSession now;

	private final SessionKey key;

	private final SessionsInUse inUse;

	private final List<String> ids = new ArrayList<>();

	private Changes changes;

	/** Makes one that begins. */
	SharedSession(SessionKey key, Duration timeout, SessionsInUse inUse) {
		this.now = new MapSession();
		this.key = key;
		this.inUse = inUse;
		this.now.setCreationTime(Instant.ofEpochMilli(key.sessionTime()));
		this.now.setMaxInactiveInterval(timeout);
		this.now.setAttribute(SessionKey.ATTRIBUTE, key);
		this.changes = new Changes(this.now.getId(), timeout);
		this.changes.attributes().put(SessionKey.ATTRIBUTE, key);
		hold(this.now.getId());
	}

	/** Makes one that was read. */
	SharedSession(String id, SessionKey key, Instant lastUsed, Duration timeout, Map<String, Object> attributes,
			SessionsInUse inUse) {
		this.now = new MapSession(id);
		this.key = key;
		this.inUse = inUse;
		this.now.setCreationTime(Instant.ofEpochMilli(key.sessionTime()));
		this.now.setLastAccessedTime(lastUsed);
		this.now.setMaxInactiveInterval(timeout);
		attributes.forEach(this.now::setAttribute);
		this.now.setAttribute(SessionKey.ATTRIBUTE, key);
		this.changes = new Changes(null, null);
		hold(id);
	}

	private void hold(String id) {
		this.ids.add(this.inUse.know(id, Records.hash(this.key.value())));
	}

	/** Returns the key of its link. */
	SessionKey key() {
		return this.key;
	}

	/** Takes what is to be written; what comes later is another's. */
	synchronized Changes takeChanges() {
		Changes taken = this.changes;
		this.changes = new Changes(null, null);
		return taken;
	}

	/** Puts back what could not be written. */
	synchronized void putBack(Changes unwritten) {
		this.changes = this.changes.after(unwritten);
	}

	@Override
	public synchronized String getId() {
		return this.now.getId();
	}

	@Override
	public synchronized String changeSessionId() {
		String id = this.now.changeSessionId();
		hold(id);
		this.changes = new Changes(id, this.changes.timeout(), this.changes.attributes());
		return id;
	}

	@Override
	public synchronized <T> @Nullable T getAttribute(String name) {
		return this.now.getAttribute(name);
	}

	@Override
	public synchronized Set<String> getAttributeNames() {
		return this.now.getAttributeNames();
	}

	@Override
	public synchronized void setAttribute(String name, @Nullable Object value) {
		if (name.equals(SessionKey.ATTRIBUTE)) {
			// Whatever is copied or taken out, each session keeps its own (B42).
			return;
		}
		this.now.setAttribute(name, value);
		this.changes.attributes().put(name, value);
	}

	@Override
	public void removeAttribute(String name) {
		setAttribute(name, null);
	}

	@Override
	public Instant getCreationTime() {
		return this.now.getCreationTime();
	}

	@Override
	public void setLastAccessedTime(Instant time) {
		// The link's own clock counts.
	}

	@Override
	public Instant getLastAccessedTime() {
		return this.now.getLastAccessedTime();
	}

	@Override
	public synchronized void setMaxInactiveInterval(Duration interval) {
		if (!interval.equals(this.now.getMaxInactiveInterval())) {
			this.now.setMaxInactiveInterval(interval);
			this.changes = new Changes(this.changes.id(), interval, this.changes.attributes());
		}
	}

	@Override
	public synchronized Duration getMaxInactiveInterval() {
		return this.now.getMaxInactiveInterval();
	}

	@Override
	public boolean isExpired() {
		return false;
	}

	/**
	 * What is to be written.
	 *
	 * @param id the new id, or null
	 * @param timeout the new timeout, or null
	 * @param attributes the new values, null for what was taken out
	 */
	record Changes(@Nullable String id, @Nullable Duration timeout, Map<String, @Nullable Object> attributes) {

		private Changes(@Nullable String id, @Nullable Duration timeout) {
			this(id, timeout, new HashMap<>());
		}

		boolean isEmpty() {
			return this.id == null && this.timeout == null && this.attributes.isEmpty();
		}

		/** Returns whether other nodes have to know at once (B11, B12, B43). */
		boolean concernOthers() {
			return this.id != null || this.timeout != null
					|| this.attributes.keySet().stream().anyMatch(SessionLinks::saysWhose);
		}

		private Changes after(Changes earlier) {
			Map<String, @Nullable Object> all = new HashMap<>(earlier.attributes);
			all.putAll(this.attributes);
			return new Changes((this.id != null) ? this.id : earlier.id,
					(this.timeout != null) ? this.timeout : earlier.timeout, all);
		}

	}

}
