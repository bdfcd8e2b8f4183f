package org.sessionlink.journey;

import static org.assertj.core.api.Assertions.assertThat;

/** The tab of somebody in the shop who watches who else is there. */
final class Attended {

	private static final String ROOM = "room";

	final Socket socket;

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

	/** Returns the next news of who has come or gone. */
	String news() {
		return news("changed");
	}

	private String news(String kind) {
		Frame frame = this.socket.awaitMessage(ROOM);
		assertThat(frame.header("presence")).as(frame.body()).isEqualTo(kind);
		return frame.body();
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
