package org.sessionlink.store;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

/** B7, B8: what somebody does, and what a page does by itself. */
class HttpActivityTest {

	private final HttpActivity activity = new HttpActivity(
			new StoreSettings(null, List.of(PathPatternParser.defaultInstance.parse("/page/**"))));

	@ParameterizedTest
	@CsvSource({ "GET, /page/page.js, true", "HEAD, /page/page.js, true", "POST, /page/page.js, false",
			"GET, /pages, false", "GET, /, false" })
	void theSettingsSayWhichRequestsThatOnlyReadDoNotCount(String method, String path, boolean passive) {
		assertThat(this.activity.counts(request(method, path))).isEqualTo(!passive);
	}

	@Test
	void aHandshakeDoesNotCountWhateverItsPath() {
		MockHttpServletRequest handshake = request("GET", "/anywhere");
		handshake.addHeader("Upgrade", "WebSocket");
		MockHttpServletRequest other = request("GET", "/anywhere");
		other.addHeader("Upgrade", "h2c");

		assertThat(this.activity.counts(handshake)).isFalse();
		assertThat(this.activity.counts(other)).isTrue();
		assertThat(this.activity.counts(request("CONNECT", "/greeting"))).as("over HTTP/2").isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "/greeting/info, true", "/greeting/iframe.html, true", "/greeting/iframe-1.5.html, true",
			"/greeting/websocket, true", "/greeting/123/abc/xhr, true", "/greeting/123/abc/xhr_send, true",
			"/greeting/123/abc/xhr_streaming, true", "/greeting/123/abc/eventsource, true",
			"/greeting/123/abc/htmlfile, true", "/greeting/123/abc/jsonp, true", "/greeting/123/abc/jsonp_send, true",
			"/mapped/here/greeting/123/abc/xhr, true", "/rooms/7/info, true", "/rooms/info, false", "/info, false",
			"/greeting/123/abc/other, false", "/greetings/info, false", "/iframe.html, false" })
	void whatCarriesASocketOverHttpDoesNotCount(String path, boolean carries) {
		this.activity.socketsAt("/greeting", "rooms/{room}");

		assertThat(this.activity.counts(request("POST", path))).isEqualTo(!carries);
	}

	private static MockHttpServletRequest request(String method, String path) {
		MockHttpServletRequest request = new MockHttpServletRequest(method, "/app" + path);
		request.setContextPath("/app");
		return request;
	}

}
