package org.sessionlink.journey;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.openqa.selenium.Keys;
import org.sessionlink.journey.people.People;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints how long operators wait for a page of 5,000 sessions, sorted and searched in, and
 * how long the console keeps its browser busy while they change:
 * {@code mvn verify -Pfigures -Dfigures=ConsoleFigures}. It asserts nothing: the figures
 * are to be read.
 */
public final class ConsoleFigures {

	private static final int SESSIONS = 5000;

	/** How many of them have a socket, and say something each second. */
	private static final int TALKING = 500;

	private static final int WARM_UPS = 100;

	private static final int ROUNDS = 200;

	private static final int WATCHED_SECONDS = 20;

	private static final List<String> QUERIES = List.of("sort=lastActivity", "sort=bytesOut&dir=asc",
			"sort=principal&page=99", "sort=createdAt&q=ad", "sort=remoteAddress&q=127.");

	private static final String GENEROUS = """
			sessionlink.limits.sockets-per-link=0
			sessionlink.limits.links-per-address=0
			""";

	private static final JsonMapper json = new JsonMapper();

	private final HttpClient http = HttpClient.newHttpClient();

	private final List<WebSocket> sockets = new ArrayList<>();

	private final Container container;

	private ConsoleFigures(Container container) {
		this.container = container;
	}

	/** Prints the figures. */
	public static void main(String[] arguments) throws Exception {
		for (String name : System.getProperty("it.containers", "jetty,tomcat").split(",")) {
			try (Container container = Container.start(name, System.getProperty("benchmarks.heap", "1g"))) {
				container.deploy(War.withSettingsAndClasses(GENEROUS, People.class.getPackage()), "watched");
				new ConsoleFigures(container).measure();
			}
		}
		System.exit(0);
	}

	private void measure() throws Exception {
		for (int i = 0; i < SESSIONS; i++) {
			open(i);
		}
		ScheduledExecutorService talk = Executors.newSingleThreadScheduledExecutor();
		talk.scheduleAtFixedRate(this::speak, 0, 1, TimeUnit.SECONDS);
		System.out.printf("%n%s: %d sessions, %d of them with a socket that sends once a second%n", this.container,
				SESSIONS, this.sockets.size());
		Visitor operator = new Visitor(this.container, "watched");
		operator.login("ada", People.PASSWORD);
		QUERIES.forEach((query) -> ask(operator, query));
		watch();
		talk.shutdownNow();
	}

	private void open(int number) throws Exception {
		HttpResponse<String> answer = send(HttpRequest.newBuilder(url("/csrf")));
		JsonNode token = json.readTree(answer.body());
		String cookie = cookie(answer);
		if (number % 4 == 0) {
			HttpResponse<String> login = send(HttpRequest.newBuilder(url("/login"))
				.header("Cookie", cookie)
				.header("Content-Type", "application/json")
				.header(token.get("headerName").asString(), token.get("token").asString())
				.POST(HttpRequest.BodyPublishers.ofString("{\"username\":\"" + ((number % 8 == 0) ? "ada" : "bob")
						+ "\",\"password\":\"" + People.PASSWORD + "\"}")));
			cookie = cookie(login);
		}
		if (this.sockets.size() < TALKING && number % (SESSIONS / TALKING) == 0) {
			connect(cookie);
		}
	}

	private void connect(String cookie) {
		WebSocket socket = this.http.newWebSocketBuilder()
			.header("Cookie", cookie)
			.buildAsync(URI.create(url("/greeting").toString().replaceFirst("http", "ws")), new WebSocket.Listener() {
			})
			.join();
		socket.sendText("CONNECT\naccept-version:1.2\n\n\0", true).join();
		socket.sendText("SUBSCRIBE\nid:1\ndestination:/user/queue/errors\n\n\0", true).join();
		this.sockets.add(socket);
	}

	private void speak() {
		this.sockets
			.forEach((socket) -> socket.sendText("SEND\ndestination:/app/message\n\n{\"name\":\"x\"}\0", true).join());
	}

	private static void ask(Visitor operator, String query) {
		long[] nanos = new long[ROUNDS];
		for (int i = -WARM_UPS; i < ROUNDS; i++) {
			long begun = System.nanoTime();
			HttpResponse<String> answer = operator.get("/operator/links?" + query);
			if (i >= 0) {
				nanos[i] = System.nanoTime() - begun;
			}
			if (answer.statusCode() != 200) {
				throw new IllegalStateException(answer.body());
			}
		}
		Arrays.sort(nanos);
		System.out.printf("  %-30s median %5.1f ms, 99%% within %5.1f ms%n", query, nanos[ROUNDS / 2] / 1e6,
				nanos[ROUNDS * 99 / 100] / 1e6);
	}

	private void watch() {
		try (Browser browser = Browser.at(this.container, "watched")) {
			browser.leaveFor("operator/#sort=lastActivity");
			browser.awaitShown("login");
			browser.find("username").sendKeys("ada");
			browser.find("password").sendKeys(People.PASSWORD + Keys.ENTER);
			browser.awaitState("connected");
			Object seen = browser.script("""
					const gaps = [];
					const tasks = [];
					new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => tasks.push(duration)))
					  .observe({ entryTypes: ['longtask'] });
					let last = performance.now();
					const end = last + %d;
					return new Promise((done) => {
					  const frame = (now) => {
					    gaps.push(now - last);
					    last = now;
					    if (now < end) {
					      requestAnimationFrame(frame);
					    } else {
					      gaps.sort((a, b) => a - b);
					      done(`${gaps.length} frames, half within ${gaps[gaps.length >> 1].toFixed(1)} ms, 99%% within `
					        + `${gaps[Math.floor(gaps.length * 0.99)].toFixed(1)} ms, longest ${gaps.at(-1).toFixed(1)} ms; `
					        + `${tasks.length} tasks over 50 ms`);
					    }
					  };
					  requestAnimationFrame(frame);
					})""".formatted(WATCHED_SECONDS * 1000));
			System.out.printf("  the console in Chromium, %d s of updates: %s%n", WATCHED_SECONDS, seen);
		}
	}

	private URI url(String path) {
		return this.container.url("watched", path);
	}

	private static String cookie(HttpResponse<String> answer) {
		return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

}
