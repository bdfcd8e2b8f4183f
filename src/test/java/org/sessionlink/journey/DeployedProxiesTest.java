package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B25, B29 and B54 behind the proxies of {@code src/main/deploy}, as they are but for
 * addresses.
 */
@ParameterizedClass
@EnumSource
class DeployedProxiesTest {

	private final List<Node> nodes = new ArrayList<>();

	@Parameter
	private Kind kind;

	private Proxy proxy;

	@BeforeEach
	void start() {
		Needed.command(this.kind.command, this.kind.command, "-v");
		Stream.generate(Node::new).limit(3).forEach(this.nodes::add);
		this.proxy = new Proxy(this.kind, this.nodes);
		this.proxy.start();
	}

	@AfterEach
	void stop() {
		if (this.proxy != null) {
			this.proxy.close();
		}
		this.nodes.forEach(Node::stop);
	}

	@Test
	void strangersDoNotHearHowANodeIs() {
		List<String> paths = List.of("/health/ready", "/health/live", "/health/%72eady", "/%68ealth/live",
				"//health/ready", "/health//live", "/health/ready/", "/health/ready;a=b", "/health/ready?a=b");

		assertThat(paths).extracting((path) -> status("GET", path)).containsOnly(404);
		assertThat(status("HEAD", "/health/ready")).isEqualTo(404);
		assertThat(status("GET", "/healthy/ready")).isEqualTo(200);
		assertThat(status("GET", "/health/readiness")).isEqualTo(200);
	}

	@Test
	void whoAsksAndHowTheProxyAloneSays() {
		ask("GET", "/whoever", "Forwarded: for=192.0.2.1;proto=https", "X-Forwarded-For: 192.0.2.1",
				"X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example", "X-Forwarded-Port: 444",
				"X-Forwarded-Prefix: /evil");

		Headers heard = request("/whoever").headers();
		assertThat(heard.get("X-Forwarded-For")).last().isEqualTo("127.0.0.1");
		assertThat(heard.get("X-Forwarded-Proto")).containsExactly("http");
		assertThat(heard.get("X-Forwarded-Host")).containsExactly("localhost:" + this.proxy.port());
		assertThat(heard.get("Host")).containsExactly("localhost:" + this.proxy.port());
		assertThat(heard.keySet()).doesNotContain("Forwarded", "X-Forwarded-Port", "X-Forwarded-Prefix");
	}

	@Test
	void aHandshakeComesAsOne() {
		ask("GET", "/greeting", handshake());

		Headers heard = request("/greeting").headers();
		assertThat(heard.getFirst("Upgrade")).isEqualTo("websocket");
		assertThat(heard.getFirst("Connection")).isEqualToIgnoringCase("upgrade");
	}

	@Test
	void whatANodeThatLeavesRefusesAnotherNodeTakes() {
		this.nodes.get(0).refused.add("/greeting");

		assertThat(Stream.generate(() -> status("GET", "/greeting", handshake())).limit(12)).containsOnly(200);
		assertThat(this.nodes.get(0).requests("/greeting")).isNotEmpty();
	}

	@Test
	void whatChangesSomethingIsAskedOnce() {
		this.nodes.forEach((node) -> node.refused.add("/session"));

		assertThat(status("POST", "/session")).isEqualTo(503);
		assertThat(this.nodes.stream().flatMap((node) -> node.requests("/session").stream())).hasSize(1);
	}

	@Test
	void whereNoNodeHasTheStoreTheyGoOnServingWhatNeedsNone() {
		this.nodes.forEach((node) -> node.refused.add("/session"));

		for (int i = 0; i < 6; i++) {
			assertThat(status("GET", "/session")).isEqualTo(503);
			assertThat(status("GET", "/")).isEqualTo(200);
		}
	}

	@Test
	void nobodyNoticesThatANodeIsGone() {
		this.nodes.get(1).stop();

		assertThat(Stream.generate(() -> status("GET", "/")).limit(12)).containsOnly(200);
	}

	private int status(String method, String path, String... headers) {
		return Integer.parseInt(ask(method, path, headers).split(" ", 3)[1]);
	}

	private static String[] handshake() {
		return new String[] { "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" };
	}

	private String ask(String method, String path, String... headers) {
		StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
		Stream<String> common = Stream.of("Host: localhost:" + this.proxy.port());
		boolean ends = !List.of(headers).contains("Connection: Upgrade");
		Stream<String> ending = ends ? Stream.of("Connection: close", "Content-Length: 0") : Stream.of();
		Stream.of(common, ending, Stream.of(headers))
			.flatMap(Function.identity())
			.forEach((header) -> request.append(header).append("\r\n"));
		try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), this.proxy.port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
			byte[] answer = new byte[1024];
			return new String(answer, 0, socket.getInputStream().read(answer), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Request request(String path) {
		return this.nodes.stream().flatMap((node) -> node.requests(path).stream()).findAny().orElseThrow();
	}

	/** Which one. */
	enum Kind {

		/** Asks nodes how they are. */
		HAPROXY("haproxy", "haproxy.cfg") {

			@Override
			List<String> command(Path file, Path folder) {
				return List.of("/usr/sbin/haproxy", "-db", "-f", file.toString());
			}

		},

		/** Goes by their answers. */
		NGINX("nginx", "nginx.conf") {

			@Override
			List<String> command(Path file, Path folder) {
				return List.of("/usr/sbin/nginx", "-c", file.toString(), "-g",
						"daemon off; error_log stderr; pid " + folder.resolve("pid") + ";");
			}

		};

		private final String command;

		private final String file;

		Kind(String command, String file) {
			this.command = "/usr/sbin/" + command;
			this.file = file;
		}

		abstract List<String> command(Path file, Path folder);

	}

	/** A request, as it came to a node. */
	private record Request(String path, Headers headers) {

	}

	/** What is asked in place of a server. */
	private static final class Node {

		private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

		private final Set<String> refused = ConcurrentHashMap.newKeySet();

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private final HttpServer server;

		Node() {
			try {
				this.server = HttpServer
					.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Container.freePort()), 0);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.server.createContext("/", this::answer);
			this.server.setExecutor(this.threads);
			this.server.start();
		}

		private void answer(HttpExchange exchange) throws IOException {
			try (exchange) {
				String path = exchange.getRequestURI().getPath();
				this.requests.add(new Request(path, exchange.getRequestHeaders()));
				exchange.sendResponseHeaders(this.refused.contains(path) ? 503 : 200, -1);
			}
		}

		List<Request> requests(String path) {
			return this.requests.stream().filter((request) -> request.path().equals(path)).toList();
		}

		String address() {
			return "127.0.0.1:" + this.server.getAddress().getPort();
		}

		void stop() {
			this.server.stop(0);
			this.threads.shutdownNow();
		}

	}

	/** The proxy itself. */
	private static final class Proxy extends Engine {

		private final Kind kind;

		private final List<Node> nodes;

		Proxy(Kind kind, List<Node> nodes) {
			super(kind.name().toLowerCase(Locale.ROOT));
			this.kind = kind;
			this.nodes = nodes;
		}

		@Override
		List<String> command() throws IOException {
			String text = Files.readString(Path.of("src/main/deploy", this.kind.file))
				.replace("bind :8080", "bind 127.0.0.1:" + port())
				.replace("listen 8080;", "listen 127.0.0.1:" + port() + ";");
			for (int node = 0; node < this.nodes.size(); node++) {
				text = text.replace("172.28.0.1" + (node + 1) + ":8080", this.nodes.get(node).address());
			}
			assertThat(text).doesNotContain("172.28.", ":8080");
			Path file = Files.writeString(folder().resolve(this.kind.file), text);
			return this.kind.command(file, folder());
		}

		@Override
		boolean answers() throws IOException {
			try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port())) {
				return socket.isConnected();
			}
		}

	}

}
