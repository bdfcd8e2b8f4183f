package org.sessionlink.inbound;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;

/**
 * What the guard and the activity mark cost per frame, beside an interceptor that does
 * nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GuardBenchmark {

	private final ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();

	private final ChannelInterceptor guard = new LinkGuard(Activity.MESSAGES);

	private final ChannelInterceptor nothing = new ChannelInterceptor() {
	};

	private final Message<byte[]> frame = frame();

	@Benchmark
	public Object guard() {
		return this.guard.preSend(this.frame, this.channel);
	}

	@Benchmark
	public Object nothing() {
		return this.nothing.preSend(this.frame, this.channel);
	}

	private static Message<byte[]> frame() {
		Map<String, Object> attributes = new HashMap<>();
		Links links = new Links(new LinkThreads(), LinkPolicy.DEFAULT);
		new SocketLink(links.open("key", "id", Home.GONE)).putInto(attributes);
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SEND);
		headers.setDestination("/app/message");
		headers.setSessionId("socket");
		headers.setSessionAttributes(attributes);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

}
