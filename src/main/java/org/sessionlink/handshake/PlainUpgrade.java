package org.sessionlink.handshake;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Extension;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.adapter.standard.StandardWebSocketHandlerAdapter;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.standard.ServerEndpointRegistration;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;

/**
 * Upgrades a request to a WebSocket without extensions: compression costs memory for each
 * socket, and a small frame could unfold into a large one. Spring leaves the choice to
 * the container, and each would compress.
 */
class PlainUpgrade extends StandardWebSocketUpgradeStrategy {

	@Override
	public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
		return List.of();
	}

	// As Spring does it, but for the endpoint, which Spring makes itself.
	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) {
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		StandardWebSocketSession session = new StandardWebSocketSession(HttpHeaders.copyOf(request.getHeaders()),
				attributes, address(request::getLocalAddress), address(request::getRemoteAddress), user);
		Endpoint endpoint = new Endpoint(servletRequest.getRequestURI(),
				new StandardWebSocketHandlerAdapter(handler, session));
		endpoint.setSubprotocols((selectedProtocol != null) ? List.of(selectedProtocol) : List.of());
		try {
			getContainer(servletRequest).upgradeHttpToWebSocket(servletRequest,
					((ServletServerHttpResponse) response).getServletResponse(), endpoint, Map.of());
		}
		catch (Exception ex) {
			throw new HandshakeFailureException("The container did not upgrade the request", ex);
		}
	}

	private static @Nullable InetSocketAddress address(Supplier<@Nullable InetSocketAddress> address) {
		try {
			return address.get();
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	private static final class Endpoint extends ServerEndpointRegistration {

		Endpoint(String path, jakarta.websocket.Endpoint endpoint) {
			super(path, endpoint);
		}

		@Override
		public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
			return List.of();
		}

	}

}
