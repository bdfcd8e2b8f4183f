package org.sessionlink.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;

/** One server with its copies, and who reads there; each client remembers what it got. */
final class Audience implements Subscribers {

	private final Map<History.Key, Set<Client>> clients = new ConcurrentHashMap<>();

	final Copies copies;

	/** A message as it is kept: itself. */
	record Letter(byte[] content) implements Keepable {

		@Override
		public long bytes() {
			return 100;
		}

	}

	Audience(HistorySettings settings, LinkClock clock, MessageLog log) {
		this.copies = new Copies(settings, clock, log, this);
		this.copies.open();
	}

	/** What a client got. */
	record Event(long offset, MemoryLog.@Nullable Said message, @Nullable Position gap) {
	}

	/** Somebody who comes and goes. */
	static final class Client {

		private final List<Event> events = new ArrayList<>();

		private final boolean asks;

		private @Nullable KeptDestination at;

		private @Nullable Audience server;

		private @Nullable Position position;

		private int gaps;

		private int recovered;

		Client(boolean asks) {
			this.asks = asks;
		}

		synchronized List<Event> events() {
			return List.copyOf(this.events);
		}

		synchronized int gaps() {
			return this.gaps;
		}

		synchronized int recovered() {
			return this.recovered;
		}

		synchronized @Nullable Position position() {
			return this.position;
		}

		synchronized void got(long offset, byte[] content) {
			this.events.add(new Event(offset, MemoryLog.Said.of(content), null));
			this.position = (this.position != null) ? new Position(this.position.epoch(), offset) : null;
		}

		synchronized void gap(Position now) {
			this.events.add(new Event(0, null, now));
			this.position = now;
			this.gaps++;
		}

		private synchronized void begins(Seam seam) {
			boolean first = this.position == null;
			if (this.asks && !first && seam.recovered()) {
				this.recovered++;
			}
			if (!seam.recovered()) {
				if (first) {
					this.position = seam.position();
				}
				else {
					gap(seam.position());
				}
			}
			seam.missed().forEach((one) -> got(one.offset(), ((Letter) one.message()).content()));
			this.position = seam.position();
		}

		void comeTo(Audience audience, History.Key key) {
			this.server = audience;
			Position from = this.asks ? position() : null;
			this.at = audience.copies.subscribe(key, from, this.asks, (copy, seam) -> {
				begins(seam);
				audience.clients.computeIfAbsent(key, (absent) -> ConcurrentHashMap.newKeySet()).add(this);
			});
		}

		/** Hears a destination of which nothing is kept for who hears it so. */
		void listenAt(Audience audience, History.Key key) {
			this.server = audience;
			audience.clients.computeIfAbsent(key, (absent) -> ConcurrentHashMap.newKeySet()).add(this);
		}

		void leave(History.Key key) {
			if (this.server != null) {
				this.server.clients.getOrDefault(key, ConcurrentHashMap.newKeySet()).remove(this);
			}
			if (this.at != null && this.asks) {
				this.at.left(0);
			}
			this.at = null;
			this.server = null;
		}

		boolean asks() {
			return this.asks;
		}

		/** Begins anew with the next visit. */
		synchronized void forget() {
			this.events.add(new Event(0, null, null));
			this.position = null;
		}

	}

	private Set<Client> at(History.Key key) {
		return this.clients.getOrDefault(key, Set.of());
	}

	@Override
	public boolean areThere(History.Key key) {
		return !at(key).isEmpty();
	}

	@Override
	public Keepable deliver(History.Key key, byte[] content, KeptDestination of, long offset) {
		MemoryLog.Said.of(content);
		at(key).forEach((client) -> client.got(offset, content));
		return new Letter(content);
	}

	@Override
	public Keepable keep(History.Key key, byte[] content, KeptDestination of, long offset) {
		return new Letter(content);
	}

	@Override
	public void gap(History.Key key, KeptDestination of, Position now) {
		at(key).forEach((client) -> client.gap(now));
	}

}
