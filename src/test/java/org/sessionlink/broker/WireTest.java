package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.tcp.TcpConnection;

import static org.assertj.core.api.Assertions.assertThat;

class WireTest {

	private Error fault;

	private final FakeClock clock = new FakeClock();

	private final List<String> told = new ArrayList<>();

	private final List<String> sent = new ArrayList<>();

	private final Wire wire = open(new Wire(new Listening(), this.clock));

	@Test
	void aBrokerThatSaysConnectedTwiceIsHeardOnce() {
		say(StompCommand.CONNECTED);
		say(StompCommand.CONNECTED);

		assertThat(this.told).containsExactly("open", "CONNECTED");
	}

	@Test
	void whateverEndsAConnectionIsToldOnceAndNothingAfterIt() {
		say(StompCommand.ERROR);
		say(StompCommand.CONNECTED);
		this.wire.afterConnectionClosed();
		this.clock.pass(Wire.TO_CONNECTED);

		assertThat(this.told).containsExactly("open", "over");
		assertThat(this.sent).containsExactly("closed");
	}

	@Test
	void aBrokerThatDoesNotSayConnectedInTimeIsGivenUp() {
		this.clock.pass(Wire.TO_CONNECTED);

		assertThat(this.told).containsExactly("open", "over");
		assertThat(this.sent).containsExactly("closed");
	}

	@Test
	void whatAnEarlierConnectionStillSaysIsNotForTheClient() {
		BrokerSide side = new BrokerSide(1, new Allowance(0, 0), () -> true, this.clock, new Silent());
		Wire next = open(new Wire(new Listening(), this.clock));
		side.subscribe(frame(StompCommand.SUBSCRIBE), false);
		assertThat(side.tries(this.wire)).isTrue();
		side.connected(this.wire);
		assertThat(side.isForClient(this.wire, frame(StompCommand.MESSAGE))).isTrue();

		side.over(this.wire);
		assertThat(side.tries(next)).isTrue();
		side.connected(next);

		assertThat(side.isForClient(this.wire, frame(StompCommand.MESSAGE))).isFalse();
		assertThat(side.isForClient(next, frame(StompCommand.MESSAGE))).isTrue();
	}

	@Test
	void aClientThatIsConnectedTwiceOverOneConnectionSubscribesOnce() {
		BrokerSide side = new BrokerSide(1, new Allowance(0, 0), () -> true, this.clock, new Silent());
		side.subscribe(frame(StompCommand.SUBSCRIBE), false);
		side.tries(this.wire);

		side.connected(this.wire);
		side.connected(this.wire);

		assertThat(this.sent).containsExactly("SUBSCRIBE");
	}

	@Test
	void anErrorAtAFrameEndsTheConnectionAndItsLineHearsOfIt() {
		this.fault = new StackOverflowError("of a test");

		say(StompCommand.MESSAGE);
		say(StompCommand.MESSAGE);

		assertThat(this.told).containsExactly("open", "over");
		assertThat(this.sent).containsExactly("closed");
	}

	private Wire open(Wire one) {
		one.start((handler) -> handler.afterConnected(new Sending()));
		return one;
	}

	private void say(StompCommand command) {
		StompHeaderAccessor frame = frame(command);
		frame.setLeaveMutable(true);
		this.wire.handleMessage(MessageBuilder.createMessage(new byte[0], frame.getMessageHeaders()));
	}

	private static StompHeaderAccessor frame(StompCommand command) {
		StompHeaderAccessor frame = StompHeaderAccessor.create(command);
		frame.setNativeHeader("id", "a");
		frame.setNativeHeader("subscription", "a");
		frame.setNativeHeader("destination", "/topic/a");
		return frame;
	}

	private final class Listening implements Wire.Line {

		@Override
		public void open(Wire one) {
			WireTest.this.told.add("open");
		}

		@Override
		public void connected(Wire one, Message<byte[]> message, StompHeaderAccessor frame) {
			WireTest.this.told.add("CONNECTED");
		}

		@Override
		public void heard(Wire one, Message<byte[]> message, StompHeaderAccessor frame) {
			if (WireTest.this.fault != null) {
				throw WireTest.this.fault;
			}
			WireTest.this.told.add(String.valueOf(frame.getCommand()));
		}

		@Override
		public void over(Wire one, Throwable why) {
			WireTest.this.told.add("over");
		}

	}

	private static final class Silent implements Told.Client {

		@Override
		public void event(String event) {
		}

		@Override
		public void refused(Refused reason) {
		}

		@Override
		public void receipt(String receipt) {
		}

		@Override
		public void left() {
		}

	}

	private final class Sending implements TcpConnection<byte[]> {

		@Override
		public CompletableFuture<@Nullable Void> sendAsync(Message<byte[]> message) {
			WireTest.this.sent.add(String.valueOf(StompHeaderAccessor.wrap(message).getCommand()));
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public void onReadInactivity(Runnable task, long millis) {
		}

		@Override
		public void onWriteInactivity(Runnable task, long millis) {
		}

		@Override
		public void close() {
			WireTest.this.sent.add("closed");
		}

	}

}
