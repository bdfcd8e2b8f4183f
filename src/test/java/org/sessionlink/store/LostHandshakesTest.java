package org.sessionlink.store;

import java.util.List;

import jakarta.servlet.ServletRequestEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;

/** B44: who is told that something refuses the handshakes of HTTP/2. */
class LostHandshakesTest {

	private final LinkThreads threads = new LinkThreads();

	private final MockServletContext servletContext = new MockServletContext();

	private final SessionLinks sessionLinks = new SessionLinks(new Links(this.threads, LinkPolicy.DEFAULT),
			new StoreSettings(null, List.of()), this.servletContext);

	private final RecordedLog log = RecordedLog.of(LostHandshakes.class);

	@AfterEach
	void stop() {
		this.log.close();
		this.threads.close();
	}

	@Test
	void theFirstThatNeverCameToItsEndpointIsWarnedOf() {
		this.sessionLinks.socketsAt("/chat", "/news");

		after("HTTP/2.0", "CONNECT", "/ws/news", false);
		after("HTTP/2.0", "CONNECT", "/chat", false);

		assertThat(this.log.lines()).singleElement()
			.asString()
			.startsWith("WARN A WebSocket handshake over HTTP/2, a CONNECT of /news, was answered before");
	}

	@Test
	void nothingElseIs() {
		this.sessionLinks.socketsAt("/chat");

		after("HTTP/2.0", "CONNECT", "/chat", true);
		after("HTTP/2.0", "CONNECT", "/elsewhere", false);
		after("HTTP/2.0", "GET", "/chat", false);
		after("HTTP/1.1", "CONNECT", "/chat", false);

		assertThat(this.log.lines()).isEmpty();
	}

	private void after(String protocol, String method, String path, boolean arrives) {
		MockHttpServletRequest request = new MockHttpServletRequest(this.servletContext, method, path);
		request.setProtocol(protocol);
		if (arrives) {
			LostHandshakes.arrived(request);
		}
		this.sessionLinks.requestDestroyed(new ServletRequestEvent(this.servletContext, request));
	}

}
