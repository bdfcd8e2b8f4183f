package org.sessionlink;

import java.util.List;

import jakarta.websocket.WebSocketContainer;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;

class SocketMemoryTest {

	@Test
	void theBuffersThatTomcatHasByItselfAreNotWarnedOf() {
		MockServletContext tomcat = new MockServletContext();
		tomcat.setAttribute(SocketMemory.CONTAINER, new WsWebSocketContainer());

		assertThat(start(tomcat)).isEmpty();
	}

	@Test
	void largeBuffersOfTomcatAreWarnedOfWithFigureCauseAndCure() {
		MockServletContext tomcat = new MockServletContext();
		WebSocketContainer container = new WsWebSocketContainer();
		container.setDefaultMaxTextMessageBufferSize(16 * 1024);
		tomcat.setAttribute(SocketMemory.CONTAINER, container);

		assertThat(start(tomcat))
			.containsExactly("WARN Each socket costs 80 KB of heap for Tomcat's buffers: the context parameter "
					+ "org.apache.tomcat.websocket.textBufferSize is 16384, "
					+ "org.apache.tomcat.websocket.binaryBufferSize 8192, the system property "
					+ "org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE 8192. "
					+ "2048 is enough for SessionLink's endpoints, for each of them.");
	}

	@Test
	void theHeaderCacheThatJettyHasByItselfIsWarnedOfWithFigureCauseAndCure() {
		assertThat(start(new JettyContext(1024))).containsExactly(
				"WARN Each socket that is opened on a connection which has served a request before costs 100 KB "
						+ "of heap for Jetty's header cache, whose size is 1024: set "
						+ "jetty.httpConfig.headerCacheSize=0 in a file of start.d, or headerCacheSize of the "
						+ "HttpConfiguration.");
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 655 })
	void aSmallHeaderCacheIsNot(int size) {
		assertThat(start(new JettyContext(size))).isEmpty();
	}

	@Test
	void aContainerThatSaysNothingIsNot() {
		assertThat(start(new MockServletContext())).isEmpty();
	}

	private static List<String> start(MockServletContext servletContext) {
		try (RecordedLog log = RecordedLog.of(SocketMemory.class)) {
			new SocketMemory(servletContext).afterSingletonsInstantiated();
			return log.lines();
		}
	}

	/** Answers as Jetty's servlet context does, by public methods of public classes. */
	public static final class JettyContext extends MockServletContext {

		private final int headerCacheSize;

		JettyContext(int headerCacheSize) {
			this.headerCacheSize = headerCacheSize;
		}

		public JettyContext getContext() {
			return this;
		}

		public JettyContext getServletContextHandler() {
			return this;
		}

		public JettyContext getServer() {
			return this;
		}

		public Object[] getConnectors() {
			return new Object[] { "a connector of another kind", this };
		}

		public List<Object> getConnectionFactories() {
			return List.of("a protocol without HTTP", this);
		}

		public JettyContext getHttpConfiguration() {
			return this;
		}

		public int getHeaderCacheSize() {
			return this.headerCacheSize;
		}

	}

}
