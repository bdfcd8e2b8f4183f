package org.sessionlink.handshake;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.store.LostHandshakes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.sockjs.transport.TransportType;

/**
 * Refuses what is no valid WebSocket upgrade before it gets a session (B25): whatever
 * Spring or the container would refuse later, and what a page asks for in any other way
 * than by its {@code WebSocket}.
 */
final class UpgradeCheck implements HandshakeInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(UpgradeCheck.class);

	private static final HttpMethod CONNECT = HttpMethod.valueOf("CONNECT");

	private static final String VERSION = "13";

	private static final String FETCH_MODE = "Sec-Fetch-Mode";

	private static final Pattern SIXTEEN_BYTES = Pattern.compile("[A-Za-z0-9+/]{22}==");

	private static final String TOKEN = "[ \\t]*+[!#$%&'*+.^_`|~0-9A-Za-z-]++[ \\t]*+";

	private static final String EXTENSION = TOKEN + "(?:;" + TOKEN + "(?:=(?:" + TOKEN + "|[ \\t]*+\"" + TOKEN
			+ "\"[ \\t]*+))?+)*+";

	/**
	 * As of RFC 6455, section 9.1: Spring or the container would fail at anything else.
	 */
	private static final Pattern EXTENSIONS = Pattern.compile(EXTENSION + "(?:," + EXTENSION + ")*+");

	private static final Refusal METHOD = new Refusal(HttpStatus.METHOD_NOT_ALLOWED,
			"This is a WebSocket endpoint: open it with GET and an upgrade.");

	private static final Refusal NO_UPGRADE = new Refusal(HttpStatus.BAD_REQUEST,
			"This is a WebSocket endpoint: send Connection: Upgrade and Upgrade: websocket.");

	private static final Refusal OTHER_VERSION = new Refusal(HttpStatus.UPGRADE_REQUIRED,
			"This is a WebSocket endpoint of version 13: send Sec-WebSocket-Version: 13.");

	private static final Refusal NO_KEY = new Refusal(HttpStatus.BAD_REQUEST,
			"Send one Sec-WebSocket-Key: 16 bytes in Base64.");

	private static final Refusal NO_EXTENSIONS = new Refusal(HttpStatus.BAD_REQUEST,
			"Send Sec-WebSocket-Extensions as of RFC 6455, or leave it out.");

	private static final Refusal OTHER_FETCH = new Refusal(HttpStatus.BAD_REQUEST,
			"This is a WebSocket endpoint: a page opens it with new WebSocket(...).");

	private final Links links;

	UpgradeCheck(Links links) {
		this.links = links;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws Exception {
		LostHandshakes.arrived(((ServletServerHttpRequest) request).getServletRequest());
		HandshakeTime.begun(((ServletServerHttpRequest) request).getServletRequest());
		Refusal refusal = refusal((ServletServerHttpRequest) request);
		if (refusal == null) {
			return true;
		}
		this.links.refused(Refused.NOT_AN_UPGRADE);
		logger.info("Handshake refused with {}: {}", refusal.status().value(), Refused.NOT_AN_UPGRADE.code());
		if (refusal == METHOD) {
			response.getHeaders().setAllow(Set.of(HttpMethod.GET, CONNECT));
		}
		else if (refusal == OTHER_VERSION) {
			response.getHeaders().set(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION, VERSION);
			response.getHeaders().setUpgrade("websocket");
		}
		refusal.writeTo(response);
		return false;
	}

	private static @Nullable Refusal refusal(ServletServerHttpRequest request) {
		if (isOtherTransport(request)) {
			return null;
		}
		WebSocketHttpHeaders headers = new WebSocketHttpHeaders(request.getHeaders());
		if (HttpMethod.GET.equals(request.getMethod())) {
			Refusal refusal = refusalOfUpgrade(headers);
			if (refusal != null) {
				return refusal;
			}
		}
		else if (!isExtendedConnect(request)) {
			return METHOD;
		}
		return refusalOfHandshake(headers);
	}

	/** SockJS without WebSocket is made of ordinary requests. */
	private static boolean isOtherTransport(ServletServerHttpRequest request) {
		Object pattern = request.getServletRequest().getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		if (pattern == null || !pattern.toString().endsWith("/**")) {
			return false;
		}
		String path = request.getServletRequest().getRequestURI();
		TransportType transport = TransportType.fromValue(path.substring(path.lastIndexOf('/') + 1));
		return transport != null && transport != TransportType.WEBSOCKET;
	}

	// The pseudo-header :protocol of RFC 8441 is not among the headers; but without it a
	// CONNECT has no path, and never comes here.
	private static boolean isExtendedConnect(ServletServerHttpRequest request) {
		return CONNECT.equals(request.getMethod()) && !request.getServletRequest().getProtocol().startsWith("HTTP/1");
	}

	private static @Nullable Refusal refusalOfUpgrade(WebSocketHttpHeaders headers) {
		List<String> connection = headers.getConnection();
		if (!"websocket".equalsIgnoreCase(headers.getUpgrade())
				|| !(connection.contains("Upgrade") || connection.contains("upgrade"))) {
			return NO_UPGRADE;
		}
		List<String> keys = headers.getOrEmpty(WebSocketHttpHeaders.SEC_WEBSOCKET_KEY);
		return (keys.size() == 1 && SIXTEEN_BYTES.matcher(keys.get(0)).matches()) ? null : NO_KEY;
	}

	private static @Nullable Refusal refusalOfHandshake(WebSocketHttpHeaders headers) {
		String version = headers.getSecWebSocketVersion();
		if (version == null || !VERSION.equals(version.trim())) {
			return OTHER_VERSION;
		}
		String extensions = String.join(",", headers.getOrEmpty(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS));
		if (!extensions.isEmpty() && !EXTENSIONS.matcher(extensions).matches()) {
			return NO_EXTENSIONS;
		}
		String mode = headers.getFirst(FETCH_MODE);
		return (mode == null || mode.equals("websocket")) ? null : OTHER_FETCH;
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
		// Nothing was taken.
	}

}
