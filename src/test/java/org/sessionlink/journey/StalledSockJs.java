package org.sessionlink.journey;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.sessionlink.Deadlines;

/**
 * A client of SockJS over streaming HTTP that subscribes, and reads nothing more: what
 * goes to it is an ordinary response, which servers write by threads that wait.
 */
final class StalledSockJs implements AutoCloseable {

	private final HttpClient client;

	private final Socket stream = new Socket();

	private final URI url;

	private final String sessionId;

	/**
	 * Connects and subscribes.
	 * @param url the SockJS endpoint
	 */
	StalledSockJs(HttpClient client, URI url, String sessionId, String destination) {
		this.client = client;
		this.url = URI.create(url + "/000/" + UUID.randomUUID());
		this.sessionId = sessionId;
		try {
			openStream();
			send("CONNECT\\naccept-version:1.2\\n\\n\\u0000");
			send("SUBSCRIBE\\nid:1\\ndestination:" + destination + "\\n\\n\\u0000");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void openStream() throws IOException {
		// Little room, so that the server soon finds none.
		this.stream.setReceiveBufferSize(4096);
		this.stream.setSoTimeout((int) Deadlines.ANY.toMillis());
		this.stream.connect(new InetSocketAddress(this.url.getHost(), this.url.getPort()));
		String request = String.join("\r\n", "POST " + this.url.getRawPath() + "/xhr_streaming HTTP/1.1",
				"Host: " + this.url.getAuthority(), "Content-Length: 0", "Cookie: JSESSIONID=" + this.sessionId, "",
				"");
		this.stream.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
		StringBuilder answer = new StringBuilder();
		// A prelude of 2 KB, and the frame that says it is open.
		while (answer.indexOf("\no\n") < 0) {
			int next = this.stream.getInputStream().read();
			if (next < 0) {
				throw new EOFException("No SockJS session: " + answer);
			}
			answer.append((char) next);
		}
	}

	void send(String frame) throws IOException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.url + "/xhr_send"))
			.header("Content-Type", "application/json")
			.header("Cookie", "JSESSIONID=" + this.sessionId)
			.POST(HttpRequest.BodyPublishers.ofString("[\"" + frame + "\"]"))
			.build();
		try {
			int status = this.client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
			if (status != 204) {
				throw new IOException("SockJS answered " + status);
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.stream.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
