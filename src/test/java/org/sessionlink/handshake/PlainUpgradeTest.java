package org.sessionlink.handshake;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.websocket.Decoder;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Encoder;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.adapter.standard.WebSocketToStandardExtensionAdapter;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.standard.ServerEndpointRegistration;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PlainUpgradeTest {

	private static final List<Extension> COMPRESSION = List
		.of(new WebSocketToStandardExtensionAdapter(new WebSocketExtension("permessage-deflate")));

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/greeting");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private final StandardWebSocketUpgradeStrategy strategy = new StandardWebSocketUpgradeStrategy();

	private Object[] upgraded;

	private DeploymentException failure;

	@BeforeEach
	void offerContainer() {
		this.request.setUserPrincipal(() -> "ada");
		ServerContainer container = (ServerContainer) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { ServerContainer.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("upgradeHttpToWebSocket")) {
						if (this.failure != null) {
							throw this.failure;
						}
						this.upgraded = arguments;
					}
					return null;
				});
		this.request.getServletContext().setAttribute(ServerContainer.class.getName(), container);
	}

	@Test
	void theContainerUpgradesTheRequestWithoutExtensions() {
		upgrade(false, "v12.stomp");

		ServerEndpointConfig endpoint = (ServerEndpointConfig) this.upgraded[2];
		assertThat(this.upgraded).contains(this.request, this.response);
		assertThat(endpoint.getPath()).isEqualTo("/greeting");
		assertThat(endpoint.getSubprotocols()).containsExactly("v12.stomp");
		assertThat(endpoint.getConfigurator().getNegotiatedExtensions(COMPRESSION, COMPRESSION)).isEmpty();
		assertThat(this.strategy.getSupportedExtensions(plain(false))).isEmpty();
	}

	@Test
	void theSocketKnowsWhereItComesFrom() {
		this.request.setRemoteAddr("192.0.2.1");
		this.request.setRemotePort(4711);

		upgrade(false, null);

		assertThat(((ServerEndpointRegistration) this.upgraded[2]).getEndpoint()).extracting("wsSession")
			.extracting("remoteAddress")
			.isEqualTo(new InetSocketAddress("192.0.2.1", 4711));
	}

	@Test
	void noSubprotocolIsOfferedWhereNoneWasChosen() {
		upgrade(false, null);

		assertThat(((ServerEndpointConfig) this.upgraded[2]).getSubprotocols()).isEmpty();
	}

	@Test
	void anApplicationThatWrapsTheRequestStillHidesNobody() {
		HttpServletRequest wrapped = new HttpServletRequestWrapper(plain(true).getServletRequest()) {

			@Override
			public Principal getUserPrincipal() {
				return () -> "eve";
			}

		};

		upgrade(new ServletServerHttpRequest(wrapped), null);

		assertThat(((HttpServletRequest) this.upgraded[0]).getUserPrincipal()).isNull();
		assertThat(((HttpServletRequest) this.upgraded[0]).getServletContext())
			.isSameAs(this.request.getServletContext());
	}

	@Test
	void whatAStrategyOfTheApplicationsPutsIntoTheUpgradeIsThere() throws Exception {
		ServerEndpointRegistration own = new ServerEndpointRegistration("/greeting", new Endpoint() {

			@Override
			public void onOpen(Session session, EndpointConfig config) {
				// Nobody is there.
			}

		}) {

			@Override
			public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request,
					HandshakeResponse response) {
				config.getUserProperties().put("from", "the handshake");
			}

			@Override
			public boolean checkOrigin(String origin) {
				return origin.isEmpty();
			}

		};
		own.setUserProperties(Map.of("before", "it"));
		own.setDecoders(List.of(Decoder.class));
		own.setEncoders(List.of(Encoder.class));

		container(plain(false)).upgradeHttpToWebSocket(this.request, this.response, own, Map.of());

		ServerEndpointConfig endpoint = (ServerEndpointConfig) this.upgraded[2];
		endpoint.getConfigurator().modifyHandshake(endpoint, null, null);
		assertThat(endpoint).isNotSameAs(own);
		assertThat(endpoint.getUserProperties()).containsEntry("before", "it").containsEntry("from", "the handshake");
		assertThat(endpoint.getDecoders()).containsExactly(Decoder.class);
		assertThat(endpoint.getEncoders()).containsExactly(Encoder.class);
		assertThat(endpoint.getConfigurator().checkOrigin("")).isTrue();
		assertThat(endpoint.getConfigurator().checkOrigin("https://www.example.org")).isFalse();
	}

	private static ServerContainer container(ServletServerHttpRequest handshake) {
		return (ServerContainer) handshake.getServletRequest()
			.getServletContext()
			.getAttribute(ServerContainer.class.getName());
	}

	@Test
	void anUpgradeThatTheContainerRefusesHasFailed() {
		this.failure = new DeploymentException("no");

		assertThatExceptionOfType(HandshakeFailureException.class).isThrownBy(() -> upgrade(false, null))
			.withCause(this.failure);
	}

	@Test
	void aContainerThatClosesSocketsByItselfIsNotToldWhoseTheyAre() {
		upgrade(true, "v12.stomp");

		assertThat(((HttpServletRequest) this.upgraded[0]).getUserPrincipal()).isNull();
		assertThat(((HttpServletRequest) this.upgraded[0]).getRequestURI()).isEqualTo("/greeting");
	}

	private ServletServerHttpRequest plain(boolean hidesPrincipal) {
		return new ServletServerHttpRequest(new PlainUpgrade(this.request, hidesPrincipal));
	}

	private void upgrade(boolean hidesPrincipal, String subprotocol) {
		upgrade(plain(hidesPrincipal), subprotocol);
	}

	private void upgrade(ServletServerHttpRequest handshake, String subprotocol) {
		this.strategy.upgrade(handshake, new ServletServerHttpResponse(this.response), subprotocol, List.of(), null,
				new TextWebSocketHandler(), Map.of());
	}

}
