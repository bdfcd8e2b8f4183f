package org.sessionlink.store;

import java.util.List;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.handshake.ForwardedHeaders;
import org.sessionlink.handshake.TrustedProxy;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Seen;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

class LastSeenTest {

	private final SessionLinks sessionLinks = new SessionLinks(new Links(new FakeClock(), LinkPolicy.DEFAULT),
			new StoreSettings(null, List.of(PathPatternParser.defaultInstance.parse("/session/**"))),
			new MockServletContext());

	private final MockHttpSession session = new MockHttpSession();

	private final Link link = this.sessionLinks.linkOf(this.session);

	@Test
	void aSessionIsSeenWhereItsLatestRequestCameFrom() throws Exception {
		request("GET", "/", "192.0.2.1", "one");
		request("POST", "/session/extend", "192.0.2.2", "two");

		assertSeen("192.0.2.2", "two");
	}

	@Test
	void aHandshakeIsARequestOfSomebody() throws Exception {
		MockHttpServletRequest handshake = of("GET", "/greeting", "192.0.2.3", "three");
		handshake.addHeader("Upgrade", "websocket");

		handle(handshake, (request, response) -> {
		});

		assertSeen("192.0.2.3", "three");
	}

	@Test
	void whatAPageAsksForByItselfChangesNothing() throws Exception {
		request("GET", "/", "192.0.2.1", "one");

		request("GET", "/session/mine", "192.0.2.2", "two");

		assertSeen("192.0.2.1", "one");
	}

	@Test
	void noLookAtTheSessionChangesItUnderWhateverPath() throws Exception {
		request("GET", "/", "192.0.2.1", "one");

		handle(of("GET", "/api/session/mine", "192.0.2.2", "two"),
				(request, response) -> this.sessionLinks.onlyLooks((HttpServletRequest) request));

		assertSeen("192.0.2.1", "one");
	}

	@Test
	void theSameAgainIsNotWrittenAgain() throws Exception {
		request("GET", "/", "192.0.2.1", "one");
		Seen first = this.link.ownership().seen();

		request("GET", "/", "192.0.2.1", "one");

		assertThat(this.link.ownership().seen()).isSameAs(first);
	}

	@Test
	void ofALongNameABeginningIsKept() throws Exception {
		request("GET", "/", "192.0.2.1", "x".repeat(10_000));

		assertThat(this.link.ownership().seen().userAgent()).hasSize(256);
	}

	@ParameterizedTest
	@CsvSource({ "10.1.2.3, 192.0.2.1", "198.51.100.1, 198.51.100.1" })
	void behindAProxyThatIsTrustedItIsTheClientsAddress(String proxy, String address) throws Exception {
		ForwardedHeaders filter = new ForwardedHeaders(List.of(new TrustedProxy("10.0.0.0/8")));
		MockHttpServletRequest request = of("GET", "/", proxy, "one");
		request.addHeader("X-Forwarded-For", "192.0.2.1");

		handle(request, (asked, response) -> filter.doFilter(asked, response, (client, answer) -> {
		}));

		assertSeen(address, "one");
	}

	@Test
	void whoHasLoggedInWithTheContainerOwnsTheSessionUntilSomebodyElseDoes() throws Exception {
		MockHttpServletRequest login = of("GET", "/session", "192.0.2.1", "one");
		login.setUserPrincipal(() -> "ada");
		handle(login, (request, response) -> {
		});
		request("GET", "/", "192.0.2.1", "one");

		assertThat(this.link.ownership().name()).isEqualTo("ada");
	}

	private void request(String method, String path, String address, String userAgent) throws Exception {
		handle(of(method, path, address, userAgent), (request, response) -> {
		});
	}

	private MockHttpServletRequest of(String method, String path, String address, String userAgent) {
		MockHttpServletRequest request = new MockHttpServletRequest(method, path);
		request.setSession(this.session);
		request.setRemoteAddr(address);
		request.addHeader("User-Agent", userAgent);
		return request;
	}

	private void handle(MockHttpServletRequest request, FilterChain chain) throws Exception {
		ServletRequestEvent event = new ServletRequestEvent(request.getServletContext(), request);
		this.sessionLinks.requestInitialized(event);
		chain.doFilter(request, new MockHttpServletResponse());
		this.sessionLinks.requestDestroyed(event);
	}

	private void assertSeen(String address, String userAgent) {
		assertThat(this.link.ownership().seen()).isNotNull().satisfies((seen) -> {
			assertThat(seen.address()).isEqualTo(address);
			assertThat(seen.userAgent()).isEqualTo(userAgent);
		});
	}

}
