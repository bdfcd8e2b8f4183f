package org.sessionlink.journey;

import java.io.IOException;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

import static org.assertj.core.api.Assertions.assertThat;

/** G9: clients that nobody here wrote, with empty connect headers. */
@OnEveryContainer
class ForeignClientsIT {

	private static final String APPLICATION = "foreign";

	private static final String WHOLE = "foreign-whole";

	private final URI endpoint;

	private final URI whole;

	ForeignClientsIT(Container container) {
		this.endpoint = endpoint(container, APPLICATION);
		this.whole = endpoint(container, WHOLE);
	}

	private static URI endpoint(Container container, String application) {
		return URI.create(container.url(application, "/greeting").toString().replaceFirst("http", "ws"));
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(ForeignClientsIT.class, War.underTest(), APPLICATION);
		SharedContainers.deploy(ForeignClientsIT.class, War.withSettings("""
				sessionlink.destinations.send=/app/**, /topic/**, /queue/**
				sessionlink.destinations.work=/queue/**
				sessionlink.destinations.keep=/topic/last replay=last, /topic/kept, /topic/spring
				sessionlink.heartbeat=1s
				sessionlink.headers.pass=x-*
				sessionlink.connect-login=optional
				sessionlink.operator.name=ada
				sessionlink.operator.password=correct horse
				"""), WHOLE);
	}

	@Test
	void springsClientGetsItsGreeting() throws Exception {
		WebSocketStompClient client = new WebSocketStompClient(new StandardWebSocketClient());
		client.setMessageConverter(new StringMessageConverter());
		CompletableFuture<String> greeting = new CompletableFuture<>();

		StompSession session = client.connectAsync(this.endpoint.toString(), new StompSessionHandlerAdapter() {
		}).get(10, TimeUnit.SECONDS);
		session.subscribe("/topic/reply", new StompFrameHandler() {

			@Override
			public Type getPayloadType(StompHeaders headers) {
				return String.class;
			}

			@Override
			public void handleFrame(StompHeaders headers, Object payload) {
				greeting.complete((String) payload);
			}

		});
		session.send("/app/message", "{\"name\":\"Spring\"}");

		assertThat(greeting.get(10, TimeUnit.SECONDS)).isEqualTo("Spring");
		session.disconnect();
	}

	@Test
	void stompjsInNodeGetsItsGreeting() throws Exception {
		assertThat(node("greet.cjs", this.endpoint.toString(), "Node")).isEqualTo("Node\n");
	}

	/** B31, B35, B51, B52: what tests of stompjs's own try, and what is missed. */
	@Test
	void stompjsInNodeDoesAllOfStompAndGetsWhatItHasMissed() throws Exception {
		assertThat(node("whole.cjs", this.whole.toString())).isEqualTo("""
				refused by one, taken by another: 3
				left by one, taken by another: 1
				taken once: first,last
				aborted: after
				committed: first,held
				wrong login: login-refused
				login: ada
				own header: v:1 undefined
				receipts: message,sent,subscribed,left
				bytes: true
				heart-beats: true
				missed: false,true,true; one 1,two 2,three 3,four 4
				not known: false true
				last: second last undefined
				sent again: once,end
				""");
	}

	/** B31: it hands out the headers of receipts and messages. */
	@Test
	void springsClientGetsWhatItHasMissed() throws Exception {
		BlockingQueue<String> got = new LinkedBlockingQueue<>();
		StompSession first = session(this.whole);
		String position = resume(first, "*", got);
		first.send("/topic/spring", "one");
		assertThat(got.poll(10, TimeUnit.SECONDS)).isEqualTo("one 1");
		first.disconnect();
		StompSession other = session(this.whole);
		other.send("/topic/spring", "two");

		String answer = resume(other, position.replaceAll(":.*", ":1"), got);
		other.send("/topic/spring", "three");

		assertThat(position).endsWith(":0 false");
		assertThat(answer).endsWith(":2 true");
		assertThat(got.poll(10, TimeUnit.SECONDS)).isEqualTo("two 2");
		assertThat(got.poll(10, TimeUnit.SECONDS)).isEqualTo("three 3");
		other.disconnect();
	}

	private static StompSession session(URI endpoint) throws Exception {
		WebSocketStompClient client = new WebSocketStompClient(new StandardWebSocketClient());
		client.setMessageConverter(new StringMessageConverter());
		ThreadPoolTaskScheduler receipts = new ThreadPoolTaskScheduler();
		receipts.setDaemon(true);
		receipts.initialize();
		client.setTaskScheduler(receipts);
		return client.connectAsync(endpoint.toString(), new StompSessionHandlerAdapter() {
		}).get(10, TimeUnit.SECONDS);
	}

	/** Subscribes, and returns where that begins. */
	private static String resume(StompSession session, String position, BlockingQueue<String> got) throws Exception {
		CompletableFuture<String> answer = new CompletableFuture<>();
		StompHeaders headers = new StompHeaders();
		headers.setDestination("/topic/spring");
		headers.setReceipt("sub");
		headers.set("resume", position);
		session.subscribe(headers, new StompFrameHandler() {

			@Override
			public Type getPayloadType(StompHeaders headers) {
				return String.class;
			}

			@Override
			public void handleFrame(StompHeaders headers, Object payload) {
				got.add(payload + " " + headers.getFirst("offset"));
			}

		})
			.addReceiptTask(
					(receipt) -> answer.complete(receipt.getFirst("resume") + " " + receipt.getFirst("recovered")));
		return answer.get(10, TimeUnit.SECONDS);
	}

	private String node(String name, String... arguments) throws Exception {
		Needed.command("Node.js with WebSocket (20 or newer)", "node", "--experimental-websocket", "-e",
				"new WebSocket('ws://127.0.0.1:9').onerror = () => {}");
		Path folder = Files.createTempDirectory(Path.of("target", "journey"), "node").toAbsolutePath();
		Path stompjs = copy(
				new PathMatchingResourcePatternResolver()
					.getResources("classpath*:META-INF/resources/webjars/stomp__stompjs/*/bundles/stomp.umd.js")[0],
				folder);
		Path script = copy(new ClassPathResource(name, getClass()), folder);
		Path output = folder.resolve("output.txt");

		List<String> command = new ArrayList<>(
				List.of("node", "--no-warnings", "--experimental-websocket", script.toString(), stompjs.toString()));
		command.addAll(List.of(arguments));
		Process node = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		boolean ended = node.waitFor(20, TimeUnit.SECONDS);
		node.destroyForcibly();

		String printed = Files.readString(output, StandardCharsets.UTF_8);
		assertThat(ended).as(printed).isTrue();
		assertThat(node.exitValue()).as(printed).isZero();
		return printed;
	}

	private static Path copy(Resource resource, Path folder) throws IOException {
		Path target = folder.resolve(resource.getFilename());
		Files.copy(resource.getInputStream(), target, StandardCopyOption.REPLACE_EXISTING);
		return target;
	}

}
