package org.sessionlink.journey;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/**
 * A browser of one person that speaks HTTP/2 alone, and so opens its one socket with an
 * extended CONNECT (RFC 8441).
 */
public final class Http2Visitor implements Session.Listener.AutoDemanding {

	private final HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));

	private final WebSocketClient sockets = new WebSocketClient(this.http);

	private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

	private final CompletableFuture<String> close = new CompletableFuture<>();

	private final Function<String, URI> urls;

	private Session socket;

	/** Of an application whose paths have these URLs. */
	Http2Visitor(Function<String, URI> urls) throws Exception {
		this.urls = urls;
		this.sockets.start();
	}

	/** Sends a request with this header, and returns the body of the answer. */
	String request(String method, String path, String header, String value) throws Exception {
		ContentResponse response = this.http.newRequest(this.urls.apply(path))
			.method(method)
			.headers((headers) -> headers.put(header, value))
			.send();
		return response.getContentAsString();
	}

	/** Opens the socket for a page of this origin, and CONNECTs. */
	void connect(String path, String origin) throws Exception {
		URI url = this.urls.apply(path);
		ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(url.toString().replaceFirst("http", "ws")));
		request.setSubProtocols("v12.stomp");
		request.setHeader("Origin", origin);
		this.socket = this.sockets.connect(this, request).get(30, TimeUnit.SECONDS);
		send("CONNECT\naccept-version:1.2\n\n\0");
	}

	void send(String frame) {
		this.socket.sendText(frame, Callback.NOOP);
	}

	/** Waits for the next frame. */
	Frame next() throws InterruptedException {
		return this.frames.poll(30, TimeUnit.SECONDS);
	}

	/** Waits until the server closes the socket, and returns its status and reason. */
	String awaitClose() {
		return this.close.orTimeout(30, TimeUnit.SECONDS).join();
	}

	@Override
	public void onWebSocketText(String message) {
		this.frames.addAll(Frame.parseAll(message.getBytes(StandardCharsets.UTF_8), false));
	}

	@Override
	public void onWebSocketClose(int status, String reason, Callback callback) {
		callback.succeed();
		this.close.complete(status + " " + reason);
	}

	void leave() throws Exception {
		this.sockets.stop();
		this.http.stop();
	}

}
