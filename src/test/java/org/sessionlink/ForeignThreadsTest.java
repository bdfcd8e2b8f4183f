package org.sessionlink;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On which threads the methods of an application run, and how long they may. */
class ForeignThreadsTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@CsvSource({ "org.sessionlink.ForeignThreadsTest$TaskExecutor, clientInboundChannel-",
			"org.sessionlink.ForeignThreadsTest$OwnExecutor, mine",
			"org.sessionlink.ForeignThreadsTest$OwnBean, mine" })
	void methodsRunWhereTheApplicationSays(Class<?> application, String thread) {
		InProcess.Peer peer = start(application, Map.of());

		send(peer, "/app/where", "1");

		await().untilAsserted(() -> assertThat(peer.bodies()).singleElement().asString().startsWith(thread));
	}

	@ParameterizedTest
	@ValueSource(classes = { TaskExecutor.class, OwnExecutor.class })
	void aReceiptComesOnceTheMethodHasReturnedAndFramesKeepTheirOrder(Class<?> application) {
		InProcess.Peer peer = start(application, Map.of());
		Methods methods = this.server.bean("methods", Methods.class);

		send(peer, "/app/slow", "first");
		send(peer, "/app/where", "second");
		await().until(() -> methods.begun.getCount() == 0);
		assertThat(peer.received()).hasSize(1);
		methods.end.countDown();

		await().untilAsserted(() -> assertThat(peer.received())
			.extracting((frame) -> frame.command() + " " + frame.headers().getOrDefault("receipt-id", List.of()))
			.containsExactly("CONNECTED []", "MESSAGE []", "RECEIPT [first]", "MESSAGE []", "RECEIPT [second]"));
	}

	@Test
	void anExecutorThatTakesNothingMoreIsAFullOne() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.handling.HandlerThreads")) {
			InProcess.Peer peer = start(Full.class, Map.of());

			send(peer, "/app/where", "1");

			await().until(() -> !peer.isOpen());
			assertThat(this.server.bean(Links.class).refusals().get(Refused.QUEUE_FULL)).isOne();
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN The executor that the application has set for the inbound channel takes no more");
		}
	}

	@Test
	@OnPurpose("an executor may throw a frame away in silence")
	void anExecutorThatThrowsAwayWhatItIsGivenIsAFullOne() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.handling.HandlerThreads")) {
			InProcess.Peer peer = start(Discarding.class, Map.of());
			InProcess.Peer other = connect();

			send(peer, "/app/where", "1");

			await().until(() -> {
				System.gc();
				return !peer.isOpen();
			});
			assertThat(this.server.bean(Links.class).refusals().get(Refused.QUEUE_FULL)).isOne();
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN The executor that the application has set for the inbound channel takes no more");
			assertThat(other.isOpen()).isTrue();
		}
	}

	@Test
	void anExecutorThatRunsAndThenThrowsHasRun() {
		InProcess.Peer peer = start(RunningAndThrowing.class, Map.of());

		send(peer, "/app/where", "1");
		send(peer, "/app/where", "2");

		await().untilAsserted(() -> assertThat(peer.bodies()).hasSize(2));
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void anExecutorThatIsNoneIsLikeNone() {
		InProcess.Peer peer = start(SameThread.class, Map.of("sessionlink.limits.frames-per-second", "0"));
		String frames = "SEND\ndestination:/app/where\n\n\0".repeat(60);
		String thread = Thread.currentThread().getName();

		this.server.handle(peer, new TextMessage(frames));

		await().untilAsserted(() -> assertThat(peer.bodies()).hasSize(60).containsOnly(thread));
	}

	@Test
	void aClientIsNotTakenForDeadWhileItsOwnFrameIsHandled() {
		InProcess.Peer peer = start(Plain.class, Map.of("sessionlink.heartbeat", "1s"));
		Methods methods = this.server.bean("methods", Methods.class);

		assertStaysWhileItsMethodRuns(peer, methods);
	}

	private void assertStaysWhileItsMethodRuns(InProcess.Peer peer, Methods methods) {
		long begin = System.nanoTime();
		CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> send(peer, "/app/slow", "1"));
		// A peer that is silent is closed after two heart-beats.
		await().pollDelay(Duration.ofMillis(3500)).until(() -> System.nanoTime() - begin > 3_500_000_000L);
		methods.end.countDown();
		reading.join();

		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactly("slow"));
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void aClientIsNotTakenForDeadWhileItsFrameIsHandledByAnExecutorThatHasNoThreads() {
		InProcess.Peer peer = start(SameThread.class, Map.of("sessionlink.heartbeat", "1s"));
		Methods methods = this.server.bean("methods", Methods.class);

		assertStaysWhileItsMethodRuns(peer, methods);
	}

	@ParameterizedTest
	@ValueSource(classes = { OutboundTaskExecutor.class, OutboundBean.class })
	void theStartSaysThatAnExecutorOfTheOutboundChannelIsNotUsed(Class<?> application) {
		try (RecordedLog log = RecordedLog.of(ExecutorInCode.class)) {
			InProcess.Peer peer = start(application, Map.of());

			for (int i = 0; i < 200; i++) {
				this.server.template().convertAndSend("/topic/a", String.valueOf(i));
			}

			await().untilAsserted(() -> assertThat(peer.bodies())
				.containsExactlyElementsOf(IntStream.range(0, 200).mapToObj(String::valueOf).toList()));
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN The outbound channel does without the executor that the application has for it");
		}
	}

	private InProcess.Peer start(Class<?> application, Map<String, String> settings) {
		this.server = InProcess.onSessionLinkSet(application, settings);
		return connect();
	}

	private InProcess.Peer connect() {
		InProcess.Peer peer = this.server.open(this.server.link());
		this.server.handle(peer, new TextMessage("CONNECT\naccept-version:1.2\nheart-beat:1000,0\n\n\0"));
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"));
		return peer;
	}

	private void send(InProcess.Peer peer, String destination, String receipt) {
		this.server.handle(peer,
				new TextMessage("SEND\ndestination:" + destination + "\nreceipt:" + receipt + "\n\n\0"));
	}

	@Controller
	static class Methods {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch end = new CountDownLatch(1);

		@MessageMapping("/where")
		@SendTo("/topic/a")
		String where() {
			return Thread.currentThread().getName();
		}

		@MessageMapping("/slow")
		@SendTo("/topic/a")
		String slow() throws InterruptedException {
			this.begun.countDown();
			this.end.await(8, TimeUnit.SECONDS);
			return "slow";
		}

	}

	@Configuration
	@EnableSessionLink
	static class Plain extends OneEndpoint {

		@Bean
		Methods methods() {
			return new Methods();
		}

	}

	@Configuration
	@EnableSessionLink
	static class TaskExecutor extends Plain {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.taskExecutor().corePoolSize(2);
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnExecutor extends Plain {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			ExecutorService mine = Executors.newFixedThreadPool(2, (task) -> {
				Thread thread = new Thread(task, "mine");
				thread.setDaemon(true);
				return thread;
			});
			registration.executor(new TaskExecutorAdapter(mine));
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnBean extends Plain {

		@Bean
		Executor clientInboundChannelExecutor() {
			return new SimpleAsyncTaskExecutor("mine");
		}

	}

	@Configuration
	@EnableSessionLink
	static class OutboundTaskExecutor extends Plain {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.taskExecutor().corePoolSize(4);
			registration.interceptors(new ChannelInterceptor() {
			});
		}

	}

	@Configuration
	@EnableSessionLink
	static class OutboundBean extends Plain {

		@Bean
		Executor clientOutboundChannelExecutor() {
			return new SimpleAsyncTaskExecutor();
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {
			});
		}

	}

	@Configuration
	@EnableSessionLink
	static class Full extends Plain {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			Executor full = (task) -> {
				throw new RejectedExecutionException("on purpose");
			};
			registration.executor(new TaskExecutorAdapter(full));
		}

	}

	@Configuration
	@EnableSessionLink
	static class Discarding extends Plain {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.executor(new TaskExecutorAdapter((task) -> {
				// Nobody hears of it.
			}));
		}

	}

	@Configuration
	@EnableSessionLink
	static class RunningAndThrowing extends Plain {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			Executor failing = (task) -> {
				task.run();
				task.run();
				throw new IllegalStateException("on purpose");
			};
			registration.executor(new TaskExecutorAdapter(failing));
		}

	}

	@Configuration
	@EnableSessionLink
	static class SameThread extends Plain {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.executor(new SyncTaskExecutor());
		}

	}

}
