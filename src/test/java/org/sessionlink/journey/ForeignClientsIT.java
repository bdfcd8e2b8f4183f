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
import java.util.concurrent.CompletableFuture;
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

	/** B35: what tests of stompjs's own try, besides. */
	@Test
	void stompjsInNodeAcknowledgesKeepsTransactionsAndLogsIn() throws Exception {
		assertThat(node("whole.cjs", this.whole.toString())).isEqualTo("""
				refused by one, taken by another: 3
				left by one, taken by another: 1
				taken once: first,last
				aborted: after
				committed: first,held
				wrong login: login-refused
				login: ada
				own header: v:1 undefined
				""");
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
