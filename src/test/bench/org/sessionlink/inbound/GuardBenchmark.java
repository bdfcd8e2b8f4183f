package org.sessionlink.inbound;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.sessionlink.link.FrameKind;
import org.sessionlink.link.FrameKind.Direction;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Timed;
import org.sessionlink.watch.BenchMeters;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;

/**
 * What the guard and the activity mark cost per frame, beside an interceptor that does
 * nothing; and what it costs besides to count the frame, and to time it for a registry of
 * metrics, with one thread and with two.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GuardBenchmark {

	private final ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();

	private final Links links = new Links(new LinkThreads(), LinkPolicy.DEFAULT);

	private final Links metered = new Links(new LinkThreads(), LinkPolicy.DEFAULT);

	private final ChannelInterceptor guard = new LinkGuard(Activity.MESSAGES);

	private final ChannelInterceptor nothing = new ChannelInterceptor() {
	};

	private final SocketLink socket = new SocketLink(this.links.open("key", "id", Home.GONE));

	private final Message<byte[]> frame = frame(this.socket);

	/** Of one thread: each socket is read by one at a time. */
	@State(Scope.Thread)
	public static class Reader {

		private SocketLink socket;

		private Message<byte[]> frame;

		/** Opens a socket of its own. */
		@Setup
		public void open(GuardBenchmark benchmark) {
			this.socket = new SocketLink(benchmark.metered.open(UUID.randomUUID().toString(), "id", Home.GONE));
			this.frame = frame(this.socket);
		}

	}

	/** Has a registry hear of the one half of the sockets. */
	@Setup
	public void meter() {
		BenchMeters.bindTo(this.metered);
	}

	@Benchmark
	public Object guard() {
		return this.guard.preSend(this.frame, this.channel);
	}

	@Benchmark
	public Object nothing() {
		return this.nothing.preSend(this.frame, this.channel);
	}

	@Benchmark
	public Object guardAndCounts() {
		count(this.socket);
		return this.guard.preSend(this.frame, this.channel);
	}

	@Benchmark
	public Object guardCountsAndTimer(Reader reader) {
		return counted(reader);
	}

	@Benchmark
	@Threads(2)
	public Object guardCountsAndTimerOfTwoThreads(Reader reader) {
		return counted(reader);
	}

	// As a frame's reader and queue do it.
	private Object counted(Reader reader) {
		count(reader.socket);
		Link link = reader.socket.link();
		long begun = link.clock().nanoTime();
		Object passed = this.guard.preSend(reader.frame, this.channel);
		link.timings().took(Timed.HANDLE, link.clock().nanoTime() - begun);
		return passed;
	}

	private static void count(SocketLink socket) {
		socket.link().counts().frames(Direction.IN, FrameKind.SEND, 1);
		socket.traffic().received(1, 100);
	}

	private static Message<byte[]> frame(SocketLink socket) {
		Map<String, Object> attributes = new HashMap<>();
		socket.putInto(attributes);
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SEND);
		headers.setDestination("/app/message");
		headers.setSessionId("socket");
		headers.setSessionAttributes(attributes);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

}
