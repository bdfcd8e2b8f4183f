package org.sessionlink.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import org.sessionlink.cluster.PresenceWords.At;
import org.sessionlink.link.Presence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How nodes tell each other who is there (B37). Each tells what changes of its own, by
 * numbers, and now and then how far others should have come: who has missed something
 * asks for all, of that node alone, which then answers. Nothing of it is kept in Redis:
 * what could be read there of a node that is gone may be older than what others have
 * heard, and what nobody has heard of it nobody has seen.
 *
 * <p>
 * Used by one thread.
 */
final class PresenceTalk {

	private static final Logger logger = LoggerFactory.getLogger(PresenceTalk.class);

	/**
	 * What all hear; behind it and a colon, with the id of a node, what that one hears.
	 */
	static final String CHANNEL = "presence";

	private static final String WHO = "who";

	private static final String IS = "is";

	private static final String NOW = "now";

	private static final String ASK = "ask";

	private static final String ALL = "all";

	private final String id;

	private final String name;

	private final Presence presence;

	private final OwnPresence own;

	private final HeardPresence heard;

	private final BiConsumer<String, String> post;

	/**
	 * Makes one for a presence.
	 * @param id what names this node among all, which people read the name of
	 * @param own what this node has told before
	 * @param post publishes a message over a channel
	 */
	PresenceTalk(String id, String name, Presence presence, OwnPresence own, LongSupplier nanoTime,
			BiConsumer<String, String> post) {
		this.id = id;
		this.name = name;
		this.presence = presence;
		this.own = own;
		this.post = post;
		this.heard = new HeardPresence(presence.reports(), presence.grace(), nanoTime,
				(node) -> post.accept(channelOf(node), ASK + " " + id));
	}

	static String channelOf(String node) {
		return CHANNEL + ":" + node;
	}

	/** Asks all how far one should have come, and says so too. */
	void greet() {
		this.post.accept(CHANNEL, WHO + " " + this.id);
		say();
	}

	/**
	 * Tells of whom there was no room for before, where there is now, and says how far
	 * others should have come.
	 */
	void remind() {
		if (this.own.takeHeldBack()) {
			tellAnew();
		}
		say();
	}

	private void say() {
		this.post.accept(CHANNEL,
				String.join(" ", IS, this.id, Long.toString(this.own.number()), Long.toHexString(this.own.digest())));
	}

	/** Tells what has changed anywhere. */
	void tellAnew() {
		Set<String> destinations = this.own.destinations();
		destinations.addAll(this.presence.destinationsHere());
		tell(destinations);
	}

	/** Tells what has changed at some destinations. */
	void tell(Collection<String> destinations) {
		List<At> changes = new ArrayList<>();
		for (String destination : destinations) {
			At change = this.own.update(this.presence.here(destination));
			if (change != null) {
				changes.add(change);
			}
		}
		if (!changes.isEmpty()) {
			List<String> pieces = PresenceWords.write(this.name, changes);
			// All have their numbers before the first goes out, as none may be lost
			// unseen.
			List<Long> numbers = pieces.stream().map((piece) -> this.own.next()).toList();
			for (int i = 0; i < pieces.size(); i++) {
				this.post.accept(CHANNEL, String.join(" ", NOW, this.id, numbers.get(i).toString(), pieces.get(i)));
			}
		}
	}

	private void tellAll(String node) {
		List<String> pieces = PresenceWords.write(this.name, this.own.all());
		for (int i = 0; i < pieces.size(); i++) {
			this.post.accept(channelOf(node), String.join(" ", ALL, this.id, Long.toString(this.own.number()),
					Integer.toString(i), Integer.toString(pieces.size()), pieces.get(i)));
		}
	}

	/** Takes note of what another node has said. */
	void hear(String message) {
		String[] words = message.split(" ", 4);
		if (words.length < 2 || words[1].equals(this.id)) {
			return;
		}
		try {
			switch (words[0]) {
				case WHO -> say();
				case ASK -> tellAll(words[1]);
				case IS -> this.heard.compare(words[1], Long.parseLong(words[2]), Long.parseUnsignedLong(words[3], 16));
				case NOW -> hearChange(words);
				case ALL -> hearAll(words);
				default -> logger.debug("Words of a kind that is not known here");
			}
		}
		catch (NumberFormatException | ArrayIndexOutOfBoundsException ex) {
			logger.debug("What another node says makes no sense", ex);
		}
	}

	private void hearChange(String[] words) {
		PresenceWords change = PresenceWords.read(words[3]);
		if (change != null) {
			this.heard.changed(words[1], Long.parseLong(words[2]), change);
		}
	}

	private void hearAll(String[] words) {
		String[] rest = words[3].split(" ", 3);
		PresenceWords piece = PresenceWords.read(rest[2]);
		if (piece != null) {
			this.heard.all(words[1], Long.parseLong(words[2]), Integer.parseInt(rest[0]), Integer.parseInt(rest[1]),
					piece);
		}
	}

	/** Looks which nodes are gone. */
	void look(Set<String> others) {
		this.heard.look(others);
	}

	/** Knows of nobody but those who are here. */
	void forgetOthers() {
		this.heard.forgetAll();
	}

}
