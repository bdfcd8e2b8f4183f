package org.sessionlink.journey;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The tab of somebody in the shop who watches who else is there. */
final class Attended {

	private static final String ROOM = "room";

	private static final Pattern USER = Pattern.compile("\"user\":\"([^\"]+)\"");

	final Socket socket;

	private final Set<String> seen = new HashSet<>();

	private Attended(Socket socket) {
		this.socket = socket;
	}

	/** Goes to a destination in a new tab, by the session of a browser. */
	static Attended at(String destination, Visitor visitor) {
		Attended attended = new Attended(visitor.connect());
		attended.socket.send("SUBSCRIBE\nid:" + ROOM + "\ndestination:" + destination + "\npresence:on\n\n\0");
		assertThat(attended.news("here")).contains("\"present\":[");
		return attended;
	}

	/** Waits until these are there, and nobody else, by all that it was told. */
	void sees(String... users) {
		while (!this.seen.equals(Set.of(users))) {
			news();
		}
	}

	/** Returns the next news of who has come or gone. */
	String news() {
		return news("changed");
	}

	private String news(String kind) {
		Frame frame = this.socket.awaitMessage(ROOM);
		assertThat(frame.header("presence")).as(frame.body()).isEqualTo(kind);
		String[] parts = frame.body().split("\"left\":");
		this.seen.addAll(users(parts[0]));
		if (parts.length > 1) {
			this.seen.removeAll(users(parts[1]));
		}
		return frame.body();
	}

	private static List<String> users(String part) {
		return USER.matcher(part).results().map((found) -> found.group(1)).toList();
	}

	void hearsOfJoin(String user) {
		assertThat(news()).matches("\\{\"joined\":\\[" + one(user) + "],\"left\":\\[],\"more\":0}");
	}

	void hearsOfLeave(String user) {
		assertThat(news()).matches("\\{\"joined\":\\[],\"left\":\\[" + one(user) + "],\"more\":0}");
	}

	private static String one(String user) {
		return "\\{\"user\":\"" + user + "\",\"id\":\"[0-9a-f]{16}\"}";
	}

}
