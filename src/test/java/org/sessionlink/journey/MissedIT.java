package org.sessionlink.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B31, B51, B52: connections that break, from the handshake to what was missed. */
@OnEveryContainer
class MissedIT {

	private static final String APPLICATION = "missed";

	private final Container container;

	private final Visitor visitor;

	MissedIT(Container container) {
		this.container = container;
		this.visitor = new Visitor(container, APPLICATION);
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(MissedIT.class, War.withSettings("""
				sessionlink.destinations.send=/app/**, /topic/**
				sessionlink.destinations.subscribe=/topic/staff/**=OPERATOR, /topic/**, /user/queue/**
				sessionlink.destinations.keep=/topic/last/** replay=last, /topic/**
				sessionlink.limits.frames-per-second=0
				sessionlink.operator.name=ada
				sessionlink.operator.password=correct horse
				"""), APPLICATION);
	}

	@Test
	void whatWasSentWhileTheConnectionWasBrokenComesOnceAndInOrder() {
		this.visitor.request("POST", "/session");
		Socket sender = new Visitor(this.container, APPLICATION).connect();
		Socket broken = this.visitor.connect();
		String[] position = resume(broken, "/topic/cut", "*").header("resume").split("\\\\c");
		long cursor = Long.parseLong(position[1]);
		List<String> got = new ArrayList<>();
		for (int cut = 0; cut < 20; cut++) {
			int first = 3 * cut;
			IntStream.range(first, first + 3).forEach((i) -> sender.send("/topic/cut", Integer.toString(i)));
			Frame seen = broken.awaitMessage("1");
			got.add(seen.body());
			cursor = Long.parseLong(seen.header("offset"));
			if (cut % 2 == 0) {
				broken.drop();
			}
			// Otherwise back before the server has noticed anything of the other.
			Socket back = this.visitor.connect();
			sender.send("SEND\ndestination:/topic/none\nreceipt:r" + cut + "\n\n\0").await("RECEIPT");
			Frame receipt = resume(back, "/topic/cut", position[0] + "\\c" + cursor);
			assertThat(receipt.header("recovered")).isEqualTo("true");
			Frame second = back.awaitMessage("1");
			Frame third = back.awaitMessage("1");
			got.add(second.body());
			got.add(third.body());
			cursor = Long.parseLong(third.header("offset"));
			broken = back;
		}

		assertThat(got).isEqualTo(IntStream.range(0, 60).mapToObj(Integer::toString).toList());
	}

	@Test
	void aNewSessionIdChangesNothing() {
		this.visitor.get("/csrf");
		String before = this.visitor.sessionId();
		Socket broken = this.visitor.connect();
		String position = resume(broken, "/topic/rotated", "*").header("resume");
		broken.drop();
		this.visitor.change("POST", "/session/rotate");
		new Visitor(this.container, APPLICATION).connect()
			.send("SEND\ndestination:/topic/rotated\nreceipt:r\n\nx\0")
			.await("RECEIPT");

		Socket back = this.visitor.connect();
		Frame receipt = resume(back, "/topic/rotated", position);

		assertThat(this.visitor.sessionId()).isNotNull().isNotEqualTo(before);
		assertThat(receipt.header("recovered")).isEqualTo("true");
		assertThat(back.awaitMessage("1").body()).isEqualTo("x");
	}

	@Test
	void aPositionGivesNobodyWhatTheyMayNotHave() {
		Visitor operator = new Visitor(this.container, APPLICATION);
		operator.login("ada", "correct horse");
		Socket staff = operator.connect();
		String position = resume(staff, "/topic/staff/plans", "*").header("resume");
		staff.send("SEND\ndestination:/topic/staff/plans\nreceipt:r\n\nsecret\0").await("RECEIPT");

		Socket stranger = this.visitor.connect();
		stranger.subscribe("e", "/user/queue/errors");
		stranger.send("SUBSCRIBE\nid:1\ndestination:/topic/staff/plans\nreceipt:sub\nresume:" + position + "\n\n\0");
		Frame refused = stranger.awaitMessage("e");
		staff.drop();
		operator.request("DELETE", "/session");
		Socket before = new Visitor(this.container, APPLICATION).connect();
		before.subscribe("e", "/user/queue/errors");
		before.send("SUBSCRIBE\nid:1\ndestination:/topic/staff/plans\nreceipt:sub\nresume:" + position + "\n\n\0");

		assertThat(refused.body()).contains("destination-not-allowed");
		assertThat(before.awaitMessage("e").body()).contains("destination-not-allowed");
		assertThat(stranger.rest().toString()).doesNotContain("secret");
	}

	@Test
	void whoHasLostTheRoleMeanwhileGetsNothingOfWhatWasMissed() {
		Visitor operator = new Visitor(this.container, APPLICATION);
		operator.login("ada", "correct horse");
		Socket other = operator.connect();
		this.visitor.login("ada", "correct horse");
		Socket broken = this.visitor.connect();
		String position = resume(broken, "/topic/staff/lost", "*").header("resume");
		broken.drop();
		other.send("SEND\ndestination:/topic/staff/lost\nreceipt:r\n\nsecret\0").await("RECEIPT");

		assertThat(this.visitor.change("POST", "/logout").statusCode()).isEqualTo(204);
		Socket back = this.visitor.connect();
		back.subscribe("e", "/user/queue/errors");
		back.send("SUBSCRIBE\nid:1\ndestination:/topic/staff/lost\nreceipt:sub\nresume:" + position + "\n\n\0");
		Frame refused = back.awaitMessage("e");
		back.send("SEND\ndestination:/topic/none\nreceipt:r\n\n\0").await("RECEIPT");

		assertThat(refused.body()).contains("destination-not-allowed");
		assertThat(back.rest().toString()).doesNotContain("secret");
		assertThat(resume(operator.connect(), "/topic/staff/lost", position).header("recovered")).isEqualTo("true");
	}

	@Test
	void whoSubscribesGetsTheLastMessage() {
		Socket socket = this.visitor.connect();
		socket.send("/topic/last/price", "1").send("/topic/last/price", "2");
		socket.send("SEND\ndestination:/topic/last/price\nreceipt:r\n\n3\0").await("RECEIPT");

		Frame last = this.visitor.connect().subscribe("1", "/topic/last/price").awaitMessage("1");

		assertThat(last.body()).isEqualTo("3");
		assertThat(last.header("replay")).isEqualTo("last");
		assertThat(last.header("offset")).isNull();
	}

	@Test
	void whatIsSentAgainAfterACutTakesEffectOnce() {
		this.visitor.request("POST", "/session");
		Socket reader = new Visitor(this.container, APPLICATION).connect();
		reader.send("SUBSCRIBE\nid:1\ndestination:/topic/reply\nreceipt:sub\n\n\0").await("RECEIPT");
		String send = "SEND\ndestination:/app/message\nmessage-id:mine\nreceipt:r\n\n{\"name\": \"once\"}\0";
		Socket broken = this.visitor.connect();
		broken.send(send).await("RECEIPT");
		broken.drop();

		Socket back = this.visitor.connect();
		back.send(send).await("RECEIPT");
		back.send("/app/message", "{\"name\": \"end\"}");

		assertThat(reader.awaitMessage("1").body()).isEqualTo("once");
		assertThat(reader.awaitMessage("1").body()).isEqualTo("end");
	}

	// Headers are as they are on the wire here, escapes and all.
	private static Frame resume(Socket socket, String destination, String position) {
		return socket
			.send("SUBSCRIBE\nid:1\ndestination:" + destination + "\nreceipt:sub\nresume:" + position + "\n\n\0")
			.await("RECEIPT");
	}

}
