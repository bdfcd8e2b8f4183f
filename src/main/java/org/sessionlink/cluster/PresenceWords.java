package org.sessionlink.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Present;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What nodes tell each other of who is there, as JSON in pieces of a length that holds up
 * nothing else. Nodes of other versions may say more.
 *
 * @param node the name of the one that tells
 */
record PresenceWords(String node, List<At> at) {

	private static final Logger logger = LoggerFactory.getLogger(PresenceWords.class);

	/** About so many characters have the pieces. */
	private static final int PIECE = 32 * 1024;

	/** What one of a list takes beside its names. */
	private static final int EACH = 128;

	private static final JsonMapper json = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	PresenceWords {
		node = (node != null) ? node : "";
		at = copyOf(at);
	}

	// Of nobody there is nothing to tell.
	private static <T> List<T> copyOf(@Nullable List<T> told) {
		return (told != null) ? List.copyOf(told) : List.of();
	}

	/** Returns what is told, in pieces. */
	static List<String> write(String node, List<At> all) {
		List<String> pieces = new ArrayList<>();
		List<At> piece = new ArrayList<>();
		long length = 0;
		for (At at : all) {
			for (At part : at.parts()) {
				if (length > 0 && length + part.length() > PIECE) {
					pieces.add(json.writeValueAsString(new PresenceWords(node, piece)));
					piece.clear();
					length = 0;
				}
				piece.add(part);
				length += part.length();
			}
		}
		pieces.add(json.writeValueAsString(new PresenceWords(node, piece)));
		return pieces;
	}

	/** Returns what another node has told, or null where it makes no sense. */
	static @Nullable PresenceWords read(String text) {
		try {
			return json.readValue(text, PresenceWords.class);
		}
		catch (RuntimeException ex) {
			logger.debug("What another node tells of who is there makes no sense", ex);
			return null;
		}
	}

	/**
	 * What is told of one destination.
	 *
	 * @param more how many are there that are not told by name
	 * @param there who has come, or has other sockets
	 * @param gone the ids of those who have gone
	 */
	record At(String destination, int more, List<Who> there, List<String> gone) {

		At {
			Objects.requireNonNull(destination, "destination");
			if (more < 0) {
				throw new IllegalArgumentException("more is " + more);
			}
			there = copyOf(there);
			gone = copyOf(gone);
		}

		private long length() {
			return this.destination.length() + EACH * (1L + this.gone.size())
					+ this.there.stream().mapToLong(Who::length).sum();
		}

		private List<At> parts() {
			if (length() <= PIECE) {
				return List.of(this);
			}
			List<At> parts = new ArrayList<>();
			int most = PIECE / EACH;
			for (int from = 0; from < this.gone.size(); from += most) {
				parts.add(new At(this.destination, this.more, List.of(),
						this.gone.subList(from, Math.min(this.gone.size(), from + most))));
			}
			List<Who> part = new ArrayList<>();
			long length = 0;
			for (Who who : this.there) {
				if (length > 0 && length + who.length() > PIECE) {
					parts.add(new At(this.destination, this.more, List.copyOf(part), List.of()));
					part.clear();
					length = 0;
				}
				part.add(who);
				length += who.length();
			}
			parts.add(new At(this.destination, this.more, List.copyOf(part), List.of()));
			return parts;
		}

	}

	/** Somebody who is at a destination. */
	record Who(String id, @Nullable String user, String link, List<String> sockets) {

		Who {
			Objects.requireNonNull(id, "id");
			Objects.requireNonNull(link, "link");
			sockets = copyOf(sockets);
		}

		static Who of(Present present) {
			return new Who(present.id(), present.user(), present.link(), present.sockets());
		}

		Present at(String destination, List<String> nodes) {
			return new Present(destination, this.user, this.id, this.link, this.sockets, nodes);
		}

		private long length() {
			return lengthOf(this.user, this.sockets);
		}

		static long lengthOf(@Nullable String user, List<String> sockets) {
			long length = EACH + ((user != null) ? user.length() : 0);
			for (String socket : sockets) {
				length += socket.length();
			}
			return length;
		}

	}

}
