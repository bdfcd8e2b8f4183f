package org.sessionlink.watch;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Present;

/**
 * Who is there, as operators see it (B37).
 *
 * @param silentNodes the names of servers that have not answered, of which is here what
 * they have told last
 */
record PresenceView(List<Somebody> present, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> silentNodes) {

	static PresenceView of(List<Present> present, List<String> silentNodes) {
		return new PresenceView(present.stream().map(Somebody::of).toList(), silentNodes);
	}

	/**
	 * Somebody who is at a destination.
	 *
	 * @param nodes the servers by which they are there, where there are several
	 */
	record Somebody(String destination, @Nullable String user, String id, String link, List<String> sockets,
			@JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> nodes) {

		private static Somebody of(Present present) {
			return new Somebody(present.destination(), present.user(), present.id(), present.link(), present.sockets(),
					present.nodes());
		}

	}

}
