package org.sessionlink.handshake;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;

import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ForwardedHeadersTest {

	private final ForwardedHeaders filter = new ForwardedHeaders(
			List.of(new TrustedProxy("10.0.0.0/8"), new TrustedProxy("::1")));

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/greeting");

	@ParameterizedTest
	@ValueSource(strings = { "10.1.2.3", "::1", "0:0:0:0:0:0:0:1" })
	void aTrustedProxyIsBelieved(String proxy) throws Exception {
		this.request.setRemoteAddr(proxy);
		this.request.addHeader("X-Forwarded-Proto", "https");
		this.request.addHeader("X-Forwarded-Host", "chat.example");
		this.request.addHeader("X-Forwarded-For", "192.0.2.1");

		HttpServletRequest seen = seen();

		assertThat(seen.getRequestURL()).hasToString("https://chat.example/greeting");
		assertThat(seen.isSecure()).isTrue();
		assertThat(seen.getRemoteAddr()).isEqualTo("192.0.2.1");
		assertThat(seen.getHeader("X-Forwarded-Host")).isNull();
	}

	@Test
	void whatAnyoneElseSaysIsHidden() throws Exception {
		this.request.setRemoteAddr("192.0.2.9");
		this.request.addHeader("X-Forwarded-Proto", "https");
		this.request.addHeader("X-Forwarded-Host", "chat.example");
		this.request.addHeader("X-Forwarded-For", "10.1.2.3");
		this.request.addHeader("Forwarded", "for=10.1.2.3;proto=https");

		HttpServletRequest seen = seen();

		assertThat(seen.getRequestURL()).hasToString("http://localhost/greeting");
		assertThat(seen.getRemoteAddr()).isEqualTo("192.0.2.9");
		assertThat(seen.getHeader("X-Forwarded-For")).isNull();
		assertThat(seen.getHeader("Forwarded")).isNull();
	}

	@Test
	void theOtherHeaderThatAClientMaySendThroughAProxyIsHidden() throws Exception {
		this.request.setRemoteAddr("10.1.2.3");
		this.request.addHeader("Forwarded", "for=198.51.100.1;proto=https;host=evil.example");

		HttpServletRequest seen = seen();

		assertThat(seen.getRequestURL()).hasToString("http://localhost/greeting");
		assertThat(seen.getRemoteAddr()).isEqualTo("10.1.2.3");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			192.0.2.1                              | 192.0.2.1
			198.51.100.7, 192.0.2.1                | 192.0.2.1
			192.0.2.1, 10.9.9.9                    | 192.0.2.1
			198.51.100.7, 192.0.2.1, 10.9.9.9, ::1 | 192.0.2.1
			192.0.2.1:4711, 10.9.9.9:80            | 192.0.2.1
			[2001:db8::1]:4711                     | [2001:db8::1]
			2001:db8::1                            | [2001:db8::1]
			10.8.8.8, 10.9.9.9                     | 10.8.8.8
			192.0.2.1, evil.example                | 10.1.2.3
			192.0.2.1, unknown, 10.9.9.9           | 10.9.9.9
			[                                      | 10.1.2.3
			[]                                     | 10.1.2.3
			:80                                    | 10.1.2.3
			''                                     | 10.1.2.3
			""")
	void theClientIsTheLastThatIsNoProxyOfOurs(String forwardedFor, String client) throws Exception {
		this.request.setRemoteAddr("10.1.2.3");
		this.request.addHeader("X-Forwarded-For", forwardedFor);

		assertThat(seen().getRemoteAddr()).isEqualTo(client);
	}

	@Test
	void severalHeadersAreOneList() throws Exception {
		this.request.setRemoteAddr("10.1.2.3");
		this.request.addHeader("X-Forwarded-For", "198.51.100.7");
		this.request.addHeader("X-Forwarded-For", "192.0.2.1");

		assertThat(seen().getRemoteAddr()).isEqualTo("192.0.2.1");
	}

	@Test
	void allElseThatAProxyPassesOnIsLeftAsItIs() throws Exception {
		this.request.setRemoteAddr("10.1.2.3");
		this.request.addHeader("X-Forwarded-For", "192.0.2.1");
		this.request.addHeader("Accept", "text/html");
		this.request.addHeader("Accept", "text/plain");

		HttpServletRequest seen = seen();

		assertThat(Collections.list(seen.getHeaders("Accept"))).containsExactly("text/html", "text/plain");
		assertThat(seen.getHeader("Accept")).isEqualTo("text/html");
	}

	@ParameterizedTest
	@CsvSource({ "10.1.2.3, true", "192.0.2.9, false" })
	void theOriginOfThePageBehindAProxyThatEndsTlsIsThisApplications(String proxy, boolean passes) throws Exception {
		this.request.setRemoteAddr(proxy);
		this.request.addHeader("Origin", "https://chat.example");
		this.request.addHeader("X-Forwarded-Proto", "https");
		this.request.addHeader("X-Forwarded-Host", "chat.example");
		OriginCheck check = new OriginCheck(new Links(new FakeClock(), LinkPolicy.DEFAULT),
				new AllowedOrigins(List.of(), List.of()));

		boolean allowed = check.beforeHandshake(new ServletServerHttpRequest(seen()),
				new ServletServerHttpResponse(new MockHttpServletResponse()), new TextWebSocketHandler(), Map.of());

		assertThat(allowed).isEqualTo(passes);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "proxy.example", "10.0.0.0/40", "10.0.0.0/x", "10.0.0.1:80", "*", "" })
	void whatIsNoAddressIsRefused(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> new TrustedProxy(value))
			.withMessage("use addresses and networks separated by commas, such as 10.0.0.0/8, ::1, and no names");
	}

	private HttpServletRequest seen() throws Exception {
		MockFilterChain chain = new MockFilterChain();
		this.filter.doFilter(this.request, new MockHttpServletResponse(), chain);
		return (HttpServletRequest) chain.getRequest();
	}

}
