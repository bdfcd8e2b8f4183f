package org.sessionlink.handshake;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

class OriginCheckTest {

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/greeting");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	OriginCheckTest() {
		this.request.setScheme("https");
		this.request.setServerName("chat.example");
		this.request.setServerPort(443);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://chat.example", "https://chat.example:443", "https://www.example" })
	void theApplicationsOwnOriginAndAllowedOnesPass(String origin) throws Exception {
		assertThat(check(origin)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://chat.example", "https://chat.example:8443", "https://evil.example",
			"https://www.example.evil.example", "null", "", "https://[", "%%", "a b" })
	void allOthersAreRefused(String origin) throws Exception {
		assertThat(check(origin)).isFalse();
		assertThat(this.response.getStatus()).isEqualTo(403);
		assertThat(this.links.refusals().get(Refused.ORIGIN)).isEqualTo(1);
		assertThat(this.response.getContentAsString()).isEqualTo("Pages of this origin may not connect here.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "capacitor://localhost", "app://.", "tauri://localhost" })
	void pagesOfAnAppPassWhereTheyAreAllowed(String origin) throws Exception {
		assertThat(check(origin)).isFalse();
		assertThat(check(origin, origin)).isTrue();
	}

	@Test
	void aClientThatIsNoBrowserSendsNoOriginAndPasses() throws Exception {
		assertThat(check(null)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "cross-site, false", "same-site, false", "same-origin, true", "none, true" })
	void anImageOfAnotherSiteNamesNoOriginAndIsRefused(String site, boolean passes) throws Exception {
		this.request.addHeader("Sec-Fetch-Site", site);

		assertThat(check(null)).isEqualTo(passes);
	}

	@ParameterizedTest
	@CsvSource({ "https://www.example, true", "https://evil.example, false" })
	void aPageOfAnotherSiteThatNamesItsOriginIsJudgedByIt(String origin, boolean passes) throws Exception {
		this.request.addHeader("Sec-Fetch-Site", "cross-site");

		assertThat(check(origin)).isEqualTo(passes);
	}

	private boolean check(String origin) throws Exception {
		return check(origin, "https://www.example");
	}

	private boolean check(String origin, String allowed) throws Exception {
		this.request.removeHeader("Origin");
		if (origin != null) {
			this.request.addHeader("Origin", origin);
		}
		return new OriginCheck(this.links, new AllowedOrigins(List.of(allowed), List.of())).beforeHandshake(
				new ServletServerHttpRequest(this.request), new ServletServerHttpResponse(this.response),
				new TextWebSocketHandler(), Map.of());
	}

}
