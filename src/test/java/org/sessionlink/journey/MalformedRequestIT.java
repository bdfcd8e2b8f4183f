package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sessionlink.Deadlines;

import static org.assertj.core.api.Assertions.assertThat;

/** What is no proper request is told so in a plain sentence, whatever its path. */
@OnQuietContainers
class MalformedRequestIT {

	private final Container container;

	MalformedRequestIT(Container container) {
		this.container = container;
	}

	static List<String> targets() {
		return List.of("/session;a=%zz", "/session;a=%", "/session;%zz=1", "/%zz", "/%", "/%c0%af", "/session%00",
				"/session;jsessionid=%zz", "/session;jsessionid=", "/greeting;a=%zz", "/greeting/%zz", "/page/%zz",
				"/page/page.js;a=%zz", "/lib/stompjs/..%2f;%zz", "/operator/links;a=%zz", "/operator/links?q=%zz",
				"/login?%zz", "/index.html;=%zz", "/session?a=%", "/;%zz", "/page/%e0%80", "/" + "a".repeat(6000),
				"/session;" + "a".repeat(6000), "/..;/..;/", "/nothing");
	}

	@ParameterizedTest
	@MethodSource("targets")
	void itGetsAPlainAnswerAndLeavesNoTraceInTheLog(String target) {
		assertPlain("GET /sessionlink" + target + " HTTP/1.1", "", "200|400|401|404|414");
	}

	@ParameterizedTest
	@CsvSource({ "/session?_csrf=%zz, a=b", "/login, username=%zz&password=%", "/login, %", "/greeting, _csrf=%c0%af",
			"/session/rotate?%, %zz" })
	void aFormThatIsMalformedDoesToo(String target, String body) {
		assertPlain("POST /sessionlink" + target + " HTTP/1.1", body, "400|403");
	}

	private void assertPlain(String requestLine, String body, String statuses) {
		int start = this.container.log().length();

		String answer = send(requestLine, body);

		String log = this.container.log().substring(start);
		assertThat(answer).as(answer).matches("(?s)HTTP/1.1 (" + statuses + ") .*");
		assertThat(answer).doesNotContain("xception", "java.", "org.", "\tat ", "Set-Cookie");
		assertThat(log).doesNotContain("xception", "\tat ");
	}

	private String send(String requestLine, String body) {
		try (java.net.Socket connection = new java.net.Socket("127.0.0.1",
				this.container.url("sessionlink", "/").getPort())) {
			connection.setSoTimeout((int) Deadlines.ANY.toMillis());
			String request = requestLine + "\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + (body.isEmpty() ? ""
					: "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n")
					+ "\r\n" + body;
			connection.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
