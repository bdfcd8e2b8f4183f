package org.sessionlink.handling;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.support.StaticApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageHandlingRunnable;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.stereotype.Controller;

import static org.assertj.core.api.Assertions.assertThat;

class MessageMethodsTest {

	private static final List<String> called = new ArrayList<>();

	private final ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();

	private final MessageMethods methods = new MessageMethods(this.channel, this.channel,
			new SimpMessagingTemplate(this.channel));

	private final StaticApplicationContext context = new StaticApplicationContext();

	MessageMethodsTest() {
		called.clear();
	}

	@ParameterizedTest
	@CsvSource({ "SEND, /app/slow, true", "SEND, /app/quick, false", "SEND, /own/slow, true",
			"SEND, /topic/slow, false", "SEND, /app/none, false", "SUBSCRIBE, /app/slow, false",
			"SUBSCRIBE, /app/slow-start, true", "SEND, /app/slow-start, false", "SEND, /app/orders/7, true",
			"SEND, /app/orders/best, false", "SEND, /app/orders/7/8, false", "SEND, /app/all/one, true",
			"SEND, /app/twice, false", "SEND, /application/slow, false" })
	void itIsKnownOfTheMethodThatSpringFindsAndOfNoOther(String command, String destination, boolean mayWait) {
		start(this.methods, new SlowController(), new AllSlowController());

		assertThat(MessageMethods.mayWait(this.methods, frame(command, destination))).isEqualTo(mayWait);
		assertThat(called).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "1", "2100", "7000" })
	void aDestinationIsReadAsSpringReadsItHoweverItIsWritten(int slashes) {
		start(this.methods, new SlowController());
		Message<?> frame = frame("SEND", "/app" + "/".repeat(slashes) + "orders///7");

		assertThat(MessageMethods.mayWait(this.methods, frame)).isTrue();
		this.methods.handleMessage(frame);
		assertThat(called).containsExactly("order");
	}

	@Test
	void whoIsAskedCallsNothingAndCallsItWhenItIsHandled() {
		start(this.methods, new SlowController());

		assertThat(MessageMethods.mayWait(this.methods, frame("SEND", "/app/slow"))).isTrue();
		this.methods.handleMessage(frame("SEND", "/app/slow"));
		this.methods.handleMessage(frame("SEND", "/app/quick"));

		assertThat(called).containsExactly("slow", "quick");
	}

	@Test
	void whereNoMethodMayWaitNobodyLooksForOne() {
		start(this.methods, new QuickController());

		assertThat(MessageMethods.mayWait(this.methods, frame("SEND", "/app/slow"))).isFalse();
	}

	@Test
	void whatHasNoDestinationIsForNoMethod() {
		start(this.methods, new SlowController());

		assertThat(MessageMethods.mayWait(this.methods,
				new StompDecoder().decode(ByteBuffer.wrap("\n".getBytes())).get(0)))
			.isFalse();
	}

	@Test
	void oneOfTheApplicationsOwnMakingWaitsAsSoonAsOneOfItsMethodsMay() {
		SimpAnnotationMethodMessageHandler own = new SimpAnnotationMethodMessageHandler(this.channel, this.channel,
				new SimpMessagingTemplate(this.channel));
		SimpAnnotationMethodMessageHandler quick = new SimpAnnotationMethodMessageHandler(this.channel, this.channel,
				new SimpMessagingTemplate(this.channel));
		start(own, new SlowController());
		StaticApplicationContext other = new StaticApplicationContext();
		other.getBeanFactory().registerSingleton("quick", new QuickController());
		quick.setApplicationContext(other);
		quick.afterPropertiesSet();

		assertThat(MessageMethods.mayWait(own, frame("SEND", "/app/quick"))).isTrue();
		assertThat(MessageMethods.mayWait(quick, frame("SEND", "/app/quick"))).isFalse();
		assertThat(MessageMethods.mayWait((message) -> {
		}, frame("SEND", "/app/slow"))).isFalse();
	}

	@Test
	void whatBelongsToNoSocketIsHandledWhereItIsHandedOver() {
		start(this.methods, new SlowController());
		List<String> ran = new ArrayList<>();

		HandlerThreads threads = new HandlerThreads(this.context, 1, Duration.ZERO);
		FrameExecutor executor = new FrameExecutor(() -> threads);

		executor.execute(() -> ran.add("plain"));
		executor.execute(new MessageHandlingRunnable() {

			@Override
			public Message<?> getMessage() {
				return frame("SEND", "/app/slow");
			}

			@Override
			public MessageHandler getMessageHandler() {
				return MessageMethodsTest.this.methods;
			}

			@Override
			public void run() {
				ran.add("slow");
			}

		});

		assertThat(ran).containsExactly("plain", "slow");
	}

	private void start(SimpAnnotationMethodMessageHandler handler, Object... controllers) {
		for (Object controller : controllers) {
			this.context.getBeanFactory().registerSingleton(controller.getClass().getName(), controller);
		}
		handler.setApplicationContext(this.context);
		handler.setDestinationPrefixes(Set.of("/app", "/own"));
		handler.afterPropertiesSet();
	}

	private static Message<byte[]> frame(String command, String destination) {
		String text = command + "\nid:1\ndestination:" + destination + "\n\n\0";
		Message<byte[]> frame = new StompDecoder().decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
			.get(0);
		StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(frame, StompHeaderAccessor.class);
		headers.setSessionId("the-socket");
		headers.setSessionAttributes(new HashMap<>());
		return frame;
	}

	// Not static, so that no other test's scan takes them for components.
	@Controller
	class SlowController {

		@Blocking
		@MessageMapping("/slow")
		void slow() {
			called.add("slow");
		}

		@MessageMapping("/quick")
		void quick() {
			called.add("quick");
		}

		@Blocking
		@SubscribeMapping("/slow-start")
		void start() {
			called.add("start");
		}

		@Blocking
		@MessageMapping("/orders/{id}")
		void order() {
			called.add("order");
		}

		@MessageMapping("/orders/best")
		void best() {
			called.add("best");
		}

		@Blocking
		@MessageMapping("/{one:twice}")
		void once() {
			called.add("once");
		}

		@Blocking
		@MessageMapping("/{two:twice}")
		void twice() {
			called.add("twice");
		}

	}

	@Controller
	@Blocking
	class AllSlowController {

		@MessageMapping("/all/one")
		void one() {
			called.add("one");
		}

	}

	@Controller
	class QuickController {

		@MessageMapping("/slow")
		void slow() {
			called.add("quick");
		}

	}

}
