package org.sessionlink.handshake;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.HandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

class UpgradeCheckTest {

	private static final String KEY = "Sec-WebSocket-Key";

	private static final String VERSION = "Sec-WebSocket-Version";

	private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/greeting");

	private final Upgrade upgrade = new Upgrade(this.request);

	@BeforeEach
	void fill() {
		this.request.addHeader("Connection", "keep-alive, Upgrade");
		this.request.addHeader("Upgrade", "WebSocket");
		this.request.addHeader(VERSION, "13");
		this.request.addHeader(KEY, "dGhlIHNhbXBsZSBub25jZQ==");
	}

	@Test
	void aValidUpgradePasses() throws Exception {
		assertThat(passes()).isTrue();
		assertThat(this.upgrade.answer()).isEqualTo("200 ");
		assertThat(refusals()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "CONNECT", "get" })
	void anotherMethodIsToldWhichOne(String method) throws Exception {
		this.request.setMethod(method);

		assertRefused(405, "This is a WebSocket endpoint: open it with GET and an upgrade.");
		assertThat(this.upgrade.response.getHeader("Allow").split(",")).containsExactlyInAnyOrder("GET", "CONNECT");
	}

	@Test
	void aHandshakeOverHttp2NeedsNoUpgradeButTheVersion() throws Exception {
		this.request.setMethod("CONNECT");
		this.request.setProtocol("HTTP/2.0");
		this.request.removeHeader("Connection");
		this.request.removeHeader("Upgrade");
		this.request.removeHeader(KEY);
		assertThat(passes()).isTrue();

		this.request.removeHeader(VERSION);

		assertThat(passes()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "Connection, keep-alive", "Connection, UPGRADE", "Connection,", "Upgrade, h2c", "Upgrade," })
	void whatAsksForNoUpgradeIsRefused(String header, String value) throws Exception {
		replace(header, value);

		assertRefused(400, "This is a WebSocket endpoint: send Connection: Upgrade and Upgrade: websocket.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "upgrade", "Upgrade", "Upgrade,keep-alive" })
	void aConnectionMayBeAnythingElseAsWell(String value) throws Exception {
		replace("Connection", value);

		assertThat(passes()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "12", "13; x", "," })
	void anotherVersionIsToldWhichOne(String value) throws Exception {
		replace(VERSION, value);

		assertRefused(426, "This is a WebSocket endpoint of version 13: send Sec-WebSocket-Version: 13.");
		assertThat(this.upgrade.response.getHeader(VERSION)).isEqualTo("13");
		assertThat(this.upgrade.response.getHeader("Upgrade")).isEqualTo("websocket");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none",
			value = { "none", "''", "short==", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZWE=",
					"dGhlIHNhbXBsZSBub25j*Q==", "dGhlIHNhbXBsZSBub25jZQ==x", "dGhlIHNhbXBsZSBub25jZQ====" })
	void aKeyIsSixteenBytes(String value) throws Exception {
		replace(KEY, value);

		assertRefused(400, "Send one Sec-WebSocket-Key: 16 bytes in Base64.");
	}

	@Test
	void thereIsOneKey() throws Exception {
		this.request.addHeader(KEY, "AQIDBAUGBwgJCgsMDQ4PEA==");

		assertRefused(400, "Send one Sec-WebSocket-Key: 16 bytes in Base64.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate", "permessage-deflate; client_max_window_bits",
			"a;b=1;c=\"2\" ; d , e;f = 3", "foo, bar; baz=2" })
	void extensionsAreAListWithParameters(String value) throws Exception {
		replace(EXTENSIONS, value);

		assertThat(passes()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { ";", "a;", "a,", ",a", "a;=1", "a;b=", "a;b=\"", "a b", "a;b=\"c d\"", "a\u0000", "=" })
	void extensionsThatAreNoneAreRefused(String value) throws Exception {
		replace(EXTENSIONS, value);

		assertRefused(400, "Send Sec-WebSocket-Extensions as of RFC 6455, or leave it out.");
	}

	@Test
	void extensionsInSeveralHeadersAreOneList() throws Exception {
		this.request.addHeader(EXTENSIONS, "a");
		this.request.addHeader(EXTENSIONS, "b;");

		assertThat(passes()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "no-cors", "cors", "navigate", "same-origin", "" })
	void aPageThatAsksInAnyOtherWayIsRefused(String mode) throws Exception {
		this.request.addHeader("Sec-Fetch-Mode", mode);

		assertRefused(400, "This is a WebSocket endpoint: a page opens it with new WebSocket(...).");
	}

	@Test
	void aPageThatOpensAWebSocketPasses() throws Exception {
		this.request.addHeader("Sec-Fetch-Mode", "websocket");

		assertThat(passes()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "/chat/1/2/xhr, true", "/chat/1/2/xhr_streaming, true", "/chat/1/2/eventsource, true",
			"/chat/1/2/websocket, false", "/chat/websocket, false", "/chat/1/2/other, false" })
	void ofSockJsWebSocketAloneIsAnUpgrade(String path, boolean passes) throws Exception {
		replace("Upgrade", null);
		this.request.setRequestURI(path);
		this.request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/chat/**");

		assertThat(passes()).isEqualTo(passes);
	}

	@Test
	void anEndpointThatIsOnlyCalledLikeATransportIsNone() throws Exception {
		replace("Upgrade", null);
		this.request.setRequestURI("/xhr");
		this.request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/xhr");

		assertThat(passes()).isFalse();
	}

	private void replace(String header, String value) {
		this.request.removeHeader(header);
		if (value != null) {
			this.request.addHeader(header, value);
		}
	}

	private void assertRefused(int status, String sentence) throws Exception {
		try (RecordedLog log = RecordedLog.of(UpgradeCheck.class)) {
			assertThat(passes()).isFalse();

			assertThat(this.upgrade.answer()).isEqualTo(status + " " + sentence);
			assertThat(this.upgrade.response.getContentType()).isEqualTo("text/plain;charset=UTF-8");
			assertThat(refusals()).isOne();
			assertThat(log.lines()).containsExactly("INFO Handshake refused with " + status + ": not-an-upgrade");
			assertThat(this.request.getSession(false)).isNull();
		}
	}

	private boolean passes() throws Exception {
		return this.upgrade.passes(new UpgradeCheck(this.links));
	}

	private long refusals() {
		return this.links.refusals().get(Refused.NOT_AN_UPGRADE);
	}

}
