package org.sessionlink.journey;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** One of the applications that are measured, with the load generator for it. */
final class Site {

	private final HttpClient http = HttpClient.newHttpClient();

	private final Container container;

	private final String context;

	private final LoadGenerator generator;

	private final ServerCpu cpu;

	private final boolean resuming;

	Site(Container container, String context, LoadGenerator generator) {
		this(container, context, generator, false);
	}

	private Site(Container container, String context, LoadGenerator generator, boolean resuming) {
		this.container = container;
		this.context = context;
		this.generator = generator;
		this.cpu = new ServerCpu(container);
		this.resuming = resuming;
	}

	/** Returns the same one, whose clients ask for the numbers of their messages. */
	Site resuming() {
		return new Site(this.container, this.context, this.generator, true);
	}

	/** Returns how its clients subscribe. */
	BenchFrame subscription(String destination) {
		return BenchFrame.subscribe(destination, this.resuming ? "resume:*\n" : "");
	}

	Container container() {
		return this.container;
	}

	LoadGenerator generator() {
		return this.generator;
	}

	ServerCpu cpu() {
		return this.cpu;
	}

	/** Starts an HTTP session, as loading a page does; returns its cookie. */
	String newSession() {
		try {
			HttpResponse<Void> answer = this.http.send(session().build(), HttpResponse.BodyHandlers.discarding());
			return answer.headers()
				.firstValue("Set-Cookie")
				.map((cookie) -> cookie.split(";")[0])
				.orElseThrow(() -> new IllegalStateException("No session: " + answer));
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Asks the application to end an HTTP session. */
	CompletableFuture<HttpResponse<Void>> endSession(String cookie) {
		return this.http.sendAsync(session().DELETE().header("Cookie", cookie).build(),
				HttpResponse.BodyHandlers.discarding());
	}

	private HttpRequest.Builder session() {
		return HttpRequest.newBuilder(this.container.url(this.context, "/session"));
	}

	/** Breaks all connections to the application. */
	void abandon() {
		String own = this.container.url(this.context, "/").toString();
		this.generator.abort((client) -> client.url().toString().startsWith(own));
	}

	/** Starts to open a WebSocket with STOMP. */
	BenchClient open(String cookie, BenchClient.Listener listener) {
		return this.generator.open(this.container.url(this.context, "/bench"), cookie, true, listener);
	}

	/** Starts to open a WebSocket without STOMP, which echoes text. */
	BenchClient openRaw(String cookie, BenchClient.Listener listener) {
		return this.generator.open(this.container.url(this.context, "/raw"), cookie, false, listener);
	}

}
