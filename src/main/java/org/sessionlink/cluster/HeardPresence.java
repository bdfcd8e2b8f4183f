package org.sessionlink.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.cluster.PresenceWords.At;
import org.sessionlink.link.Gathered;
import org.sessionlink.link.PresenceReports;
import org.sessionlink.link.Present;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has heard of who is there by the others: the changes of one after the
 * other by their numbers, and all of it at once where one was missed.
 *
 * <p>
 * Used by one thread.
 */
final class HeardPresence {

	private static final Logger logger = LoggerFactory.getLogger(HeardPresence.class);

	/** Before all of it is asked for again. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	/**
	 * After which who tells nothing counts as gone: all say each 9 s how far they are.
	 */
	private static final Duration SILENCE = Duration.ofSeconds(30);

	private final Map<String, Teller> tellers = new HashMap<>();

	private final PresenceReports reports;

	private final Duration grace;

	private final LongSupplier nanoTime;

	private final Consumer<String> askForAll;

	/**
	 * Makes it, of nobody.
	 * @param grace for which counts what a node has told that is gone; as long at least
	 * as it takes all nodes to say that they are there
	 * @param askForAll asks a node for all
	 */
	HeardPresence(PresenceReports reports, Duration grace, LongSupplier nanoTime, Consumer<String> askForAll) {
		this.reports = reports;
		this.grace = (grace.compareTo(StoreWatch.SETTLING) > 0) ? grace : StoreWatch.SETTLING;
		this.nanoTime = nanoTime;
		this.askForAll = askForAll;
	}

	/** Takes over what has changed. */
	void changed(String node, long number, PresenceWords words) {
		Teller teller = teller(node);
		if (teller.number < 0 || number > teller.number + 1) {
			ask(node, teller);
		}
		else if (number == teller.number + 1) {
			teller.number = number;
			List<String> nodes = teller.called(words.node());
			words.at().forEach((at) -> this.reports.told(node, gathered(at, nodes), at.gone()));
		}
	}

	/** Compares what was heard with what a node says that others should have heard. */
	void compare(String node, long number, long digest) {
		Teller teller = teller(node);
		if (teller.number != number || OwnPresence.digest(this.reports.by(node)) != digest) {
			ask(node, teller);
		}
	}

	private void ask(String node, Teller teller) {
		long now = this.nanoTime.getAsLong();
		if (teller.asked == null || now - teller.asked >= PATIENCE.toNanos()) {
			teller.asked = now;
			this.askForAll.accept(node);
		}
	}

	/** Takes over all, once the last piece of it has come. */
	void all(String node, long number, int piece, int of, PresenceWords words) {
		Teller teller = teller(node);
		teller.asked = this.nanoTime.getAsLong();
		if (piece == 0) {
			teller.pieces = new ArrayList<>();
			teller.numberOfPieces = number;
		}
		List<PresenceWords> pieces = teller.pieces;
		if (pieces == null || teller.numberOfPieces != number || pieces.size() != piece) {
			teller.pieces = null;
			return;
		}
		pieces.add(words);
		if (pieces.size() == of) {
			teller.pieces = null;
			teller.asked = null;
			teller.number = number;
			this.reports.toldAll(node, joined(pieces, teller.called(words.node())));
		}
	}

	private static List<Gathered> joined(List<PresenceWords> pieces, List<String> nodes) {
		Map<String, List<Present>> present = new LinkedHashMap<>();
		Map<String, Integer> more = new HashMap<>();
		pieces.forEach((words) -> words.at().forEach((at) -> {
			present.computeIfAbsent(at.destination(), (key) -> new ArrayList<>()).addAll(gathered(at, nodes).present());
			more.put(at.destination(), at.more());
		}));
		List<Gathered> all = new ArrayList<>();
		present.forEach((destination, there) -> all.add(new Gathered(destination, there, more.get(destination))));
		return all;
	}

	private static Gathered gathered(At at, List<String> nodes) {
		return new Gathered(at.destination(),
				at.there().stream().map((who) -> who.at(at.destination(), nodes)).toList(), at.more());
	}

	private Teller teller(String node) {
		Teller teller = this.tellers.computeIfAbsent(node, (key) -> new Teller());
		teller.heard = this.nanoTime.getAsLong();
		return teller;
	}

	/**
	 * Looks which nodes are gone: who was there by one may come back by another for the
	 * grace from then on, and has left after that.
	 * @param others those that are there, as far as anybody knows
	 */
	void look(Set<String> others) {
		long now = this.nanoTime.getAsLong();
		this.tellers.entrySet().removeIf((entry) -> {
			Teller teller = entry.getValue();
			if (others.contains(entry.getKey()) && now - teller.heard < SILENCE.toNanos()) {
				teller.gone = null;
			}
			else if (teller.gone == null) {
				// Or it has only just come, and is in the list a moment later.
				teller.gone = now;
			}
			boolean over = teller.gone != null && now - teller.gone >= this.grace.toNanos();
			if (over) {
				logger.debug("Who was there by {} and has not come back has left", entry.getKey());
				this.reports.toldAll(entry.getKey(), List.of());
			}
			return over;
		});
	}

	/** Forgets all that was heard. */
	void forgetAll() {
		this.tellers.keySet().forEach((node) -> this.reports.toldAll(node, List.of()));
		this.tellers.clear();
	}

	/** How far what was heard of one node goes. */
	private static final class Teller {

		private long number = -1;

		private @Nullable Long asked;

		private @Nullable Long gone;

		private long heard;

		private List<String> names = List.of();

		private @Nullable List<PresenceWords> pieces;

		private long numberOfPieces;

		// Once, as all whom it tells of have it.
		private List<String> called(String name) {
			if (!this.names.contains(name)) {
				this.names = List.of(name);
			}
			return this.names;
		}

	}

}
