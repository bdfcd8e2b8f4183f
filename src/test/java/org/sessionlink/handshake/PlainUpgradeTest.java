package org.sessionlink.handshake;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.standard.ServerEndpointRegistration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PlainUpgradeTest {

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/greeting");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

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
		upgrade(new PlainUpgrade(), "v12.stomp");

		ServerEndpointConfig endpoint = (ServerEndpointConfig) this.upgraded[2];
		assertThat(this.upgraded).contains(this.request, this.response);
		assertThat(endpoint.getPath()).isEqualTo("/greeting");
		assertThat(endpoint.getSubprotocols()).containsExactly("v12.stomp");
		assertThat(endpoint.getConfigurator().getNegotiatedExtensions(List.of(), List.of())).isEmpty();
		assertThat(new PlainUpgrade().getSupportedExtensions(new ServletServerHttpRequest(this.request))).isEmpty();
	}

	@Test
	void theSocketKnowsWhereItComesFrom() {
		this.request.setRemoteAddr("192.0.2.1");
		this.request.setRemotePort(4711);

		upgrade(new PlainUpgrade(), null);

		assertThat(((ServerEndpointRegistration) this.upgraded[2]).getEndpoint()).extracting("wsSession")
			.extracting("remoteAddress")
			.isEqualTo(new InetSocketAddress("192.0.2.1", 4711));
	}

	@Test
	void noSubprotocolIsOfferedWhereNoneWasChosen() {
		upgrade(new PlainUpgrade(), null);

		assertThat(((ServerEndpointConfig) this.upgraded[2]).getSubprotocols()).isEmpty();
	}

	@Test
	void anAddressThatCannotBeToldDoesNotPreventTheUpgrade() {
		ServletServerHttpRequest silent = new ServletServerHttpRequest(this.request) {

			@Override
			public InetSocketAddress getRemoteAddress() {
				throw new IllegalArgumentException("no address");
			}

		};

		new PlainUpgrade().upgrade(silent, new ServletServerHttpResponse(this.response), null, List.of(), null,
				new TextWebSocketHandler(), Map.of());

		assertThat(this.upgraded).isNotNull();
	}

	@Test
	void anUpgradeThatTheContainerRefusesHasFailed() {
		this.failure = new DeploymentException("no");

		assertThatExceptionOfType(HandshakeFailureException.class).isThrownBy(() -> upgrade(new PlainUpgrade(), null))
			.withCause(this.failure);
	}

	@Test
	void aContainerThatClosesSocketsByItselfIsNotToldWhoseTheyAre() {
		upgrade(new UnboundUpgrade(), "v12.stomp");

		assertThat(((HttpServletRequest) this.upgraded[0]).getUserPrincipal()).isNull();
		assertThat(((HttpServletRequest) this.upgraded[0]).getRequestURI()).isEqualTo("/greeting");
	}

	private void upgrade(PlainUpgrade upgrade, String subprotocol) {
		upgrade.upgrade(new ServletServerHttpRequest(this.request), new ServletServerHttpResponse(this.response),
				subprotocol, List.<WebSocketExtension>of(), null, new TextWebSocketHandler(), Map.of());
	}

}
