package org.sessionlink.journey;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/** A browser of one person: one cookie jar, any number of requests and sockets. */
final class Visitor {

	private final CookieManager cookies;

	private final HttpClient client;

	private final Function<String, URI> urls;

	Visitor(Container container) {
		this(container, "sessionlink");
	}

	Visitor(Container container, String context) {
		this((path) -> container.url(context, path), HttpClient.newBuilder());
	}

	/** Of an application whose paths have these URLs. */
	Visitor(Function<String, URI> urls, HttpClient.Builder client) {
		this(urls, client, new CookieManager());
	}

	private Visitor(Function<String, URI> urls, HttpClient.Builder client, CookieManager cookies) {
		this.urls = urls;
		this.cookies = cookies;
		this.client = client.cookieHandler(cookies).build();
	}

	/** Returns the same browser, at the same application with other URLs. */
	Visitor at(Function<String, URI> other) {
		return new Visitor(other, HttpClient.newBuilder(), this.cookies);
	}

	/** Asks for a path of the application. */
	HttpResponse<String> get(String path) {
		return request("GET", path);
	}

	/** Sends a request without a body, and without a CSRF token. */
	HttpResponse<String> request(String method, String path) {
		return request(method, path, Map.of());
	}

	/** Sends a request without a body, and without a CSRF token, with further headers. */
	HttpResponse<String> request(String method, String path, Map<String, String> headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(url(path))
			.method(method, HttpRequest.BodyPublishers.noBody());
		headers.forEach(request::header);
		return send(request);
	}

	/** Sends a request without a body, with the CSRF token. */
	HttpResponse<String> change(String method, String path) {
		return send(withToken(path).method(method, HttpRequest.BodyPublishers.noBody()));
	}

	/** Sends JSON, with the CSRF token. */
	HttpResponse<String> post(String path, String json) {
		return send(withToken(path).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(json)));
	}

	/** Logs in. */
	HttpResponse<String> login(String name, String password) {
		return post("/login", "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}");
	}

	// As a page does: the token changes with each login, and comes with the session.
	private HttpRequest.Builder withToken(String path) {
		String csrf = get("/csrf").body();
		return HttpRequest.newBuilder(url(path))
			.header(csrf.replaceAll(".*\"headerName\":\"([^\"]+)\".*", "$1"),
					csrf.replaceAll(".*\"token\":\"([^\"]+)\".*", "$1"));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Returns the value of the session cookie, or null. */
	String sessionId() {
		return this.cookies.getCookieStore()
			.getCookies()
			.stream()
			.filter((cookie) -> cookie.getName().equals("JSESSIONID"))
			.map(HttpCookie::getValue)
			.findAny()
			.orElse(null);
	}

	/** Returns the fingerprint of the link, as the log has it too. */
	String link() {
		return get("/session").body().replaceAll(".*\"link\":\"(\\w+)\".*", "$1");
	}

	/** Opens a WebSocket and CONNECTs. */
	Socket connect() {
		return open("v12.stomp").connect();
	}

	/** Opens a WebSocket. */
	Socket open(String... subprotocols) {
		return open(Map.of(), subprotocols);
	}

	/** Opens a WebSocket with further headers in its handshake. */
	Socket open(Map<String, String> headers, String... subprotocols) {
		return openAt("/greeting", headers, subprotocols);
	}

	/** Opens a WebSocket at another path than the greeting's. */
	Socket openAt(String path, Map<String, String> headers, String... subprotocols) {
		WebSocket.Builder builder = this.client.newWebSocketBuilder();
		headers.forEach(builder::header);
		if (subprotocols.length > 0) {
			builder.subprotocols(subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
		}
		URI url = URI.create(url(path).toString().replaceFirst("http", "ws"));
		Socket socket = new Socket();
		return socket.opened(builder.buildAsync(url, socket).join());
	}

	/** Returns the URL of a path of the application. */
	URI url(String path) {
		return this.urls.apply(path);
	}

}
