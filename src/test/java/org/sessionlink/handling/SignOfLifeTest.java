package org.sessionlink.handling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;

class SignOfLifeTest {

	private final FakeClock clock = new FakeClock();

	private final List<Message<?>> heartbeats = new ArrayList<>();

	private final AtomicInteger heard = new AtomicInteger();

	private boolean open = true;

	private final WebSocketSession session = new WebSocketSessionDecorator(
			new StandardWebSocketSession(null, new ConcurrentHashMap<>(), null, null)) {

		@Override
		public boolean isOpen() {
			return SignOfLifeTest.this.open;
		}

	};

	private final SignOfLife sign = new SignOfLife(() -> List.of((MessageHandler) this.heartbeats::add));

	SignOfLifeTest() {
		SocketLink socket = new SocketLink(new Links(this.clock, LinkPolicy.DEFAULT).open("key", "id", Home.GONE));
		socket.whenHeard(this.heard::incrementAndGet);
		socket.putInto(this.session.getAttributes());
	}

	@Test
	void theBrokerAndTheGateHearOfIt() {
		this.sign.of(this.session);

		assertThat(this.heard).hasValue(1);
		assertThat(this.heartbeats).singleElement().satisfies((heartbeat) -> {
			assertThat(SimpMessageHeaderAccessor.getMessageType(heartbeat.getHeaders()))
				.isEqualTo(SimpMessageType.HEARTBEAT);
			assertThat(SimpMessageHeaderAccessor.getSessionId(heartbeat.getHeaders())).isEqualTo(this.session.getId());
		});
	}

	@Test
	void ofASocketWithoutALinkNobodyHears() {
		this.session.getAttributes().clear();

		this.sign.of(this.session);
		this.sign.repeat(this.session, () -> true);
		this.clock.pass(Duration.ofSeconds(5));

		assertThat(this.heartbeats).isEmpty();
	}

	@Test
	void itIsSaidEachSecondForAsLongAsNothingIsRead() {
		AtomicBoolean silent = new AtomicBoolean(true);

		this.sign.repeat(this.session, silent::get);
		this.clock.pass(Duration.ofSeconds(3));
		assertThat(this.heard).hasValue(3);
		silent.set(false);
		this.clock.pass(Duration.ofSeconds(3));

		assertThat(this.heard).hasValue(3);
	}

	@Test
	void itIsSaidAgainThoughItFailedOnce() {
		SignOfLife failing = new SignOfLife(() -> {
			throw new StackOverflowError("as of a broker");
		});

		failing.repeat(this.session, () -> true);
		for (int i = 0; i < 3; i++) {
			try {
				this.clock.pass(Duration.ofSeconds(1));
			}
			catch (StackOverflowError ex) {
				assertThat(ex).hasMessage("as of a broker");
			}
		}

		assertThat(this.heard).hasValue(3);
	}

	@Test
	void aBrokerThatFailsKeepsNobodyElseFromHearing() {
		MessageHandler failing = (message) -> {
			throw new StackOverflowError("as of a broker");
		};

		try (RecordedLog log = RecordedLog.of(SignOfLife.class)) {
			new SignOfLife(() -> List.of(failing, this.heartbeats::add)).of(this.session);

			assertThat(log.lines()).containsExactly("WARN A broker could not be told of a client's sign of life");
		}
		assertThat(this.heartbeats).hasSize(1);
	}

	@Test
	void ofASocketThatHasClosedItIsNotSaid() {
		this.sign.repeat(this.session, () -> true);
		this.open = false;

		this.clock.pass(Duration.ofSeconds(3));

		assertThat(this.heard).hasValue(0);
	}

}
