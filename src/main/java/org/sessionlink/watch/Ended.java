package org.sessionlink.watch;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What one call has ended.
 *
 * @param links the fingerprints of the links
 * @param sockets the ids of the sockets, those of the links among them
 * @param silentNodes the names of other servers that have not answered in time: what is
 * there ends too, and sockets of theirs are not named here
 */
public record Ended(List<String> links, List<String> sockets,
		@JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> silentNodes) {

	public Ended {
		links = List.copyOf(links);
		sockets = List.copyOf(sockets);
		silentNodes = List.copyOf(silentNodes);
	}

	Ended(List<String> links, List<String> sockets) {
		this(links, sockets, List.of());
	}

}
