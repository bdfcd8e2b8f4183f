package org.sessionlink.journey;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

import org.awaitility.Awaitility;

/**
 * A client of SockJS by one of its transports, which asks for messages as long as it is
 * not closed; what it hears is kept without the quotes that each transport adds.
 */
final class SockJsPeer implements WebSocket.Listener, AutoCloseable {

	private static final HttpClient client = HttpClient.newHttpClient();

	private final StringBuffer heard = new StringBuffer();

	private final Visitor visitor;

	private final String transport;

	private final URI url;

	private final Thread reader = new Thread(this::read);

	private WebSocket webSocket;

	private volatile boolean closed;

	/** Opens a session, and CONNECTs with these heart-beats. */
	SockJsPeer(Visitor visitor, String transport, String heartbeat) {
		this.visitor = visitor;
		this.transport = transport;
		this.url = URI.create(visitor.url("/js") + "/000/" + UUID.randomUUID());
		if (transport.equals("websocket")) {
			URI endpoint = URI.create(this.url.toString().replaceFirst("http", "ws") + "/websocket");
			this.webSocket = client.newWebSocketBuilder().header("Cookie", cookie()).buildAsync(endpoint, this).join();
		}
		else {
			this.reader.setDaemon(true);
			this.reader.start();
		}
		await("o");
		say("CONNECT\naccept-version:1.2\nheart-beat:" + heartbeat + "\n\n\0");
		await("CONNECTED");
	}

	/** Waits until it has heard this. */
	SockJsPeer await(String part) {
		Awaitility.await(part).until(() -> heard().contains(part));
		return this;
	}

	/** Returns all that it has heard. */
	String heard() {
		return this.heard.toString().replace("\\", "");
	}

	boolean isOpen() {
		return !heard().contains("c[");
	}

	SockJsPeer subscribe(String id, String destination) {
		return say("SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n\n\0");
	}

	/** Asks the shop who it is. */
	SockJsPeer whoami() {
		return say("SEND\ndestination:/app/whoami\n\n\0");
	}

	/** Sends a frame. */
	SockJsPeer say(String frame) {
		int status = post(this.visitor, "[\"" + frame.replace("\n", "\\n").replace("\0", "\\u0000") + "\"]");
		if (status != 204) {
			throw new IllegalStateException("SockJS answered " + status);
		}
		return this;
	}

	/** Sends a body on behalf of a visitor; returns the status of the answer. */
	int post(Visitor whoever, String body) {
		if (this.webSocket != null) {
			this.webSocket.sendText(body, true).join();
			return 204;
		}
		return post(whoever, URI.create(this.url + "/xhr_send"), body);
	}

	/** Sends a body to a path of the shop's own, which leads to the same. */
	int postByRelay(String body) {
		String id = this.url.getPath().substring(this.url.getPath().lastIndexOf('/'));
		return post(this.visitor, this.visitor.url("/habits/relay" + id + "/xhr_send"), body);
	}

	private static int post(Visitor whoever, URI url, String body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofString(body));
		if (whoever.sessionId() != null) {
			request.header("Cookie", "JSESSIONID=" + whoever.sessionId());
		}
		try {
			return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String cookie() {
		return "JSESSIONID=" + this.visitor.sessionId();
	}

	private void read() {
		String query = this.transport.equals("htmlfile") ? "?c=callback" : "";
		String method = this.transport.startsWith("xhr") ? "POST" : "GET";
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.url + "/" + this.transport + query))
			.method(method, HttpRequest.BodyPublishers.noBody());
		try {
			while (isOpen() && !this.closed) {
				HttpResponse<InputStream> answer = client.send(request.setHeader("Cookie", cookie()).build(),
						HttpResponse.BodyHandlers.ofInputStream());
				if (answer.statusCode() != 200) {
					this.heard.append("status ").append(answer.statusCode());
					return;
				}
				read(answer.body());
			}
		}
		catch (IOException | InterruptedException ex) {
			this.heard.append("reset");
		}
	}

	private void read(InputStream body) throws IOException {
		byte[] buffer = new byte[4096];
		try (body) {
			for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
				this.heard.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
			}
		}
	}

	/** Asks for nothing more. */
	@Override
	public void close() {
		this.closed = true;
		this.reader.interrupt();
		if (this.webSocket != null) {
			this.webSocket.abort();
		}
	}

	@Override
	public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.heard.append(data);
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
		this.heard.append("ping");
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
		this.heard.append("closed ").append(status).append(' ').append(reason);
		return null;
	}

}
