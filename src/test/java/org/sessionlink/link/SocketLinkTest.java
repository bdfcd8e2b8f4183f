package org.sessionlink.link;

import java.util.ArrayList;
import java.util.List;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SocketLinkTest {

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final Map<String, Object> attributes = new HashMap<>();

	@Test
	void aSocketsAttributesHoldItsLinkAndTheIdOfItsSession() {
		Link link = this.links.open("key", "id", Home.GONE);

		new SocketLink(link).putInto(this.attributes);

		assertThat(SocketLink.live(this.attributes)).isSameAs(link);
		assertThat(this.attributes).containsEntry("sessionId", "id");
	}

	@Test
	void aLinkThatHasEndedIsNotAlive() {
		new SocketLink(this.links.open("key", "id", Home.GONE)).putInto(this.attributes);
		this.links.open("key", "id", Home.GONE).end(EndCause.ENDED);

		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> SocketLink.live(this.attributes))
			.withMessage("session-ended");
	}

	@Test
	void attributesWithoutALinkAreNotAlive() {
		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> SocketLink.live(this.attributes));
		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> SocketLink.live(null));
	}

	@Test
	void whatHappensToASocketIsRunByWhoTakesTurns() throws Exception {
		SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));
		List<String> happened = new ArrayList<>();

		socket.inTurn(() -> happened.add("by itself"));
		socket.takesTurns((step) -> {
			happened.add("turn");
			step.run();
		});
		socket.inTurn(() -> happened.add("in turn"));

		assertThat(happened).containsExactly("by itself", "turn", "in turn");
	}

	@Test
	void whatComesAfterAFrameIsRunByWhoHandlesIt() {
		SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));
		List<String> happened = new ArrayList<>();
		List<Runnable> later = new ArrayList<>();

		socket.afterFrame(() -> happened.add("at once"));
		socket.handledBy(later::add);
		socket.afterFrame(() -> happened.add("later"));
		assertThat(happened).containsExactly("at once");
		later.forEach(Runnable::run);

		assertThat(happened).containsExactly("at once", "later");
	}

	@Test
	void eachPingHasOneAnswer() {
		SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));
		assertThat(socket.answersPing()).isFalse();

		socket.pinged();
		socket.pinged();

		assertThat(socket.answersPing()).isTrue();
		assertThat(socket.answersPing()).isTrue();
		assertThat(socket.answersPing()).isFalse();
		socket.pinged();
		assertThat(socket.answersPing()).isTrue();
	}

}
