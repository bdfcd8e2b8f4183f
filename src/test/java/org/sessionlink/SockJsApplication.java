package org.sessionlink;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSession;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.store.SessionLinks;

import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/** An application with SockJS, which gets its requests as from a container. */
final class SockJsApplication implements AutoCloseable {

	private final StartingContext servletContext = new StartingContext();

	private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	SockJsApplication(Class<?> configuration, Map<String, String> settings) {
		settings.forEach(this.servletContext::addInitParameter);
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.context.setServletContext(this.servletContext);
		this.context.register(configuration);
		this.context.refresh();
	}

	Links links() {
		return this.context.getBean(Links.class);
	}

	Link linkOf(HttpSession session) {
		return this.context.getBean(SessionLinks.class).linkOf(session);
	}

	SimpMessagingTemplate template() {
		return this.context.getBean("brokerMessagingTemplate", SimpMessagingTemplate.class);
	}

	/** Has a request of this session, or of none, answered as far as it can be. */
	MockHttpServletResponse send(HttpSession session, String method, String path, String body) {
		return send(request(session, method, path, body), path);
	}

	MockHttpServletRequest request(HttpSession session, String method, String path, String body) {
		MockHttpServletRequest request = new MockHttpServletRequest(this.servletContext, method, path);
		request.setAsyncSupported(true);
		request.setContent(body.getBytes(StandardCharsets.UTF_8));
		if (session != null) {
			request.setRequestedSessionId(session.getId());
			request.setSession(session);
		}
		return request;
	}

	/** Has a request answered, of which the container knows, by what is at a path. */
	MockHttpServletResponse send(MockHttpServletRequest request, String handled) {
		return send(request, handled, new MockHttpServletResponse());
	}

	MockHttpServletResponse send(MockHttpServletRequest request, String handled, MockHttpServletResponse response) {
		tell(true, request);
		try {
			request.setRequestURI(handled);
			ServletRequestPathUtils.parseAndCache(request);
			HandlerExecutionChain chain = this.context.getBean("stompWebSocketHandlerMapping", HandlerMapping.class)
				.getHandler(request);
			for (var interceptor : chain.getInterceptorList()) {
				if (!interceptor.preHandle(request, response, chain.getHandler())) {
					return response;
				}
			}
			((HttpRequestHandler) chain.getHandler()).handleRequest(request, response);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			tell(false, request);
		}
		return response;
	}

	private void tell(boolean begins, MockHttpServletRequest request) {
		ServletRequestEvent event = new ServletRequestEvent(this.servletContext, request);
		for (var listener : this.servletContext.listeners()) {
			if (listener instanceof ServletRequestListener requests) {
				if (begins) {
					requests.requestInitialized(event);
				}
				else {
					requests.requestDestroyed(event);
				}
			}
		}
	}

	/** Opens a SockJS session, by a first poll or stream, and CONNECTs. */
	Client connect(String endpoint, String id, String transport) {
		Client client = new Client(endpoint + "/000/" + id, transport, new MockHttpSession(this.servletContext));
		client.opened = client.fetch();
		client.say("CONNECT\\naccept-version:1.2\\n\\n\\u0000");
		return client;
	}

	@Override
	public void close() {
		this.context.close();
		this.servletContext.stop();
	}

	/** The other end of a SockJS session. */
	final class Client {

		final MockHttpSession session;

		final String path;

		private final String transport;

		private MockHttpServletResponse opened;

		private Client(String path, String transport, MockHttpSession session) {
			this.path = path;
			this.transport = transport;
			this.session = session;
		}

		/** Returns what the stream that it was opened by has been given so far. */
		String stream() {
			return text(this.opened);
		}

		Link link() {
			return linkOf(this.session);
		}

		/** Asks for messages, and returns the answer, to which more may come. */
		MockHttpServletResponse fetch() {
			String method = this.transport.startsWith("xhr") ? "POST" : "GET";
			return send(this.session, method, this.path + "/" + this.transport, "");
		}

		/** Sends frames, written in JSON. */
		MockHttpServletResponse say(String... frames) {
			return post("[\"" + String.join("\",\"", frames) + "\"]");
		}

		MockHttpServletResponse post(String body) {
			return send(this.session, "POST", this.path + "/xhr_send", body);
		}

		void subscribe(String destination) {
			say("SUBSCRIBE\\nid:1\\ndestination:" + destination + "\\n\\n\\u0000");
		}

	}

	static String text(MockHttpServletResponse response) {
		return new String(response.getContentAsByteArray(), StandardCharsets.UTF_8).replaceFirst("^h{2048}\\n", "");
	}

}
