package org.sessionlink.journey;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.sessionlink.Deadlines;

/**
 * A browser of one person that speaks HTTP/2 alone, and so opens its one socket with an
 * extended CONNECT (RFC 8441). It writes the frames of WebSockets itself (RFC 6455,
 * section 5.2): one in a hundred sockets of Jetty's own client hears nothing.
 */
final class Http2Visitor implements Stream.Listener {

	private static final int TEXT = 0x81;

	private static final int CLOSE = 0x88;

	private final HTTP2Client streams = new HTTP2Client();

	private final HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(this.streams));

	private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

	private final CompletableFuture<MetaData.Response> answer = new CompletableFuture<>();

	private final CompletableFuture<String> close = new CompletableFuture<>();

	private final Function<String, URI> urls;

	private ByteBuffer unread = ByteBuffer.allocate(0);

	private Stream socket;

	/** Of an application whose paths have these URLs. */
	Http2Visitor(Function<String, URI> urls) throws Exception {
		this.urls = urls;
		this.http.start();
	}

	/** Sends a request with this header, and returns the body of the answer. */
	String request(String method, String path, String header, String value) throws Exception {
		ContentResponse response = this.http.newRequest(this.urls.apply(path))
			.method(method)
			.timeout(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS)
			.headers((headers) -> headers.put(header, value).put(HttpHeader.COOKIE, cookie()))
			.send();
		return response.getContentAsString();
	}

	private String cookie() {
		return this.answer.join().getHttpFields().get(HttpHeader.SET_COOKIE).split(";")[0];
	}

	/**
	 * Opens the socket for a page of this origin, and CONNECTs.
	 * @return the status of the answer; with any but 200 there is no socket
	 */
	int connect(String path, String origin) throws Exception {
		URI url = this.urls.apply(path);
		HttpFields headers = HttpFields.build()
			.put("origin", origin)
			.put("sec-websocket-version", "13")
			.put("sec-websocket-protocol", "v12.stomp");
		MetaData.ConnectRequest request = new MetaData.ConnectRequest(HttpScheme.HTTP,
				new HostPortHttpField(url.getAuthority()), url.getPath(), headers, "websocket");
		Session session = within(
				this.streams.connect(new InetSocketAddress(url.getHost(), url.getPort()), new Session.Listener() {
				}));
		this.socket = within(session.newStream(new HeadersFrame(request, null, false), this));
		int status = within(this.answer).getStatus();
		if (status == 200) {
			send("CONNECT\naccept-version:1.2\n\n\0");
		}
		return status;
	}

	void send(String frame) {
		byte[] text = frame.getBytes(StandardCharsets.UTF_8);
		// Short, and masked by zeros.
		ByteBuffer message = ByteBuffer.allocate(6 + text.length).put((byte) TEXT).put((byte) (0x80 | text.length));
		this.socket.data(new DataFrame(this.socket.getId(), message.putInt(0).put(text).flip(), false), Callback.NOOP);
	}

	/** Waits for the next frame. */
	Frame next() throws InterruptedException {
		Frame next = this.frames.poll(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS);
		if (next == null) {
			throw new AssertionError("No frame has come");
		}
		return next;
	}

	/** Waits until the server closes the socket, and returns its status and reason. */
	String awaitClose() throws Exception {
		return within(this.close);
	}

	private static <T> T within(CompletableFuture<T> future) throws Exception {
		return future.get(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public void onHeaders(Stream stream, HeadersFrame frame) {
		this.answer.complete((MetaData.Response) frame.getMetaData());
		stream.demand();
	}

	@Override
	public void onDataAvailable(Stream stream) {
		Stream.Data data = stream.readData();
		boolean ended = false;
		while (data != null && !ended) {
			ended = data.frame().isEndStream();
			read(data.frame().getByteBuffer());
			data.release();
			data = ended ? null : stream.readData();
		}
		// The end would come again and again.
		if (!ended) {
			stream.demand();
		}
	}

	private void read(ByteBuffer more) {
		this.unread = ByteBuffer.allocate(this.unread.remaining() + more.remaining()).put(this.unread).put(more).flip();
		while (hear()) {
			this.unread = this.unread.slice();
		}
		this.unread.rewind();
	}

	// Returns whether there was a whole one, and it has been read.
	private boolean hear() {
		if (this.unread.remaining() < 4) {
			return false;
		}
		int kind = this.unread.get() & 0xff;
		int length = this.unread.get();
		length = (length == 126) ? this.unread.getShort() & 0xffff : length;
		if (this.unread.remaining() < length) {
			return false;
		}
		byte[] body = new byte[length];
		this.unread.get(body);
		if (kind == TEXT) {
			this.frames.addAll(Frame.parseAll(body, false));
		}
		else if (kind == CLOSE) {
			this.close.complete(((body[0] & 0xff) << 8 | body[1] & 0xff) + " "
					+ new String(body, 2, length - 2, StandardCharsets.UTF_8));
		}
		return true;
	}

	void leave() throws Exception {
		this.http.stop();
	}

}
