package org.sessionlink.link;

import java.util.ArrayList;
import java.util.List;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

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
		this.links.open("key", "id", Home.GONE).end(EndCause.KICKED);

		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> SocketLink.live(this.attributes))
			.withMessage("session-kicked");
	}

	@Test
	void whoCannotBeFoundAliveThoughNobodyHasEndedItHasEnded() {
		Link link = this.links.open("key", "id", Home.GONE);

		assertThat(SocketLink.notAlive(link)).hasMessage("session-ended");
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
		socket.handledBy((handled, otherwise) -> later.add(handled));
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

	@Test
	void noMoreThanAFewAnswersAreOwedHoweverManyPingsNobodyHasAnswered() {
		SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));
		IntStream.range(0, 1_000).forEach((i) -> socket.pinged());

		long answered = IntStream.range(0, 1_000).filter((i) -> socket.answersPing()).count();

		assertThat(answered).isEqualTo(16);
	}

	@Test
	void aSocketIsConnectedOnceItsConnectWasLetThrough() {
		SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));
		assertThat(socket.isConnected()).isFalse();
		assertThat(socket.stompVersion()).isEqualTo("1.2");

		socket.connected("1.1");

		assertThat(socket.isConnected()).isTrue();
		assertThat(socket.stompVersion()).isEqualTo("1.1");
	}

	@Test
	void aClientReturnsByItselfUntilItDoesSomethingElse() {
		SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));
		assertThat(socket.isReturning()).isFalse();

		socket.returning(true);
		assertThat(socket.isReturning()).isTrue();
		socket.returning(false);

		assertThat(socket.isReturning()).isFalse();
	}

	@Test
	void aSocketKnowsWhereItCameFromAndWhetherSomebodyLoggedInOverIt() {
		Link link = this.links.open("key", "id", Home.GONE);
		SocketLink socket = new SocketLink(link, Identity.ANONYMOUS, "id", "192.0.2.1");
		assertThat(socket.isLoggedIn()).isFalse();

		socket.loggedIn(new Identity(() -> "ada", Set.of()));

		assertThat(socket.isLoggedIn()).isTrue();
		assertThat(socket.remoteAddress()).isEqualTo("192.0.2.1");
		assertThat(new SocketLink(link).remoteAddress()).isNull();
	}

	@Test
	void whatIsHeardOfTheClientIsPassedOn() {
		SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));
		AtomicInteger heard = new AtomicInteger();
		socket.heard();

		socket.whenHeard(heard::incrementAndGet);
		socket.heard();

		assertThat(heard).hasValue(1);
	}

	@Test
	void attributesThatAreNotThereHoldNothing() {
		assertThat(SocketLink.in(null)).isNull();
		assertThat(SocketLink.in(this.attributes)).isNull();
	}

}
