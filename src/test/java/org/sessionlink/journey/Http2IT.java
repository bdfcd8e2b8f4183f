package org.sessionlink.journey;

import java.net.URI;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;

/** B44: on Jetty, the one of the containers that offers WebSockets over HTTP/2. */
@EnabledIf("runsOnJetty")
class Http2IT {

	private final Function<String, URI> urls = (path) -> ((JettyContainer) Container.shared("jetty"))
		.http2Url("sessionlink", path);

	private Http2Visitor visitor;

	static boolean runsOnJetty() {
		return Share.NAMES.contains("jetty");
	}

	@BeforeEach
	void open() throws Exception {
		this.visitor = new Http2Visitor(this.urls);
	}

	@AfterEach
	void close() throws Exception {
		this.visitor.leave();
	}

	@Test
	void aSocketOpenedByAnExtendedConnectLivesAsLongAsItsSession() throws Exception {
		this.visitor.connect("/greeting", origin());
		assertThat(this.visitor.next().command()).isEqualTo("CONNECTED");
		this.visitor.send("SUBSCRIBE\nid:1\ndestination:/topic/reply\n\n\0");
		this.visitor.send("SEND\ndestination:/app/message\n\n{\"name\":\"Over two\"}\0");
		assertThat(this.visitor.next().body()).contains("Over two");

		String[] csrf = this.visitor.request("GET", "/csrf", "Accept", "*/*").split("\"");
		this.visitor.request("POST", "/logout", csrf[3], csrf[7]);

		assertThat(this.visitor.next().header("message")).isEqualTo("session-ended");
		assertThat(this.visitor.awaitClose()).isEqualTo("1008 session-ended");
	}

	@Test
	void anotherSitesPageOpensNoneThoughNoTokenIsAskedFor() throws Exception {
		assertThat(this.visitor.connect("/greeting", "https://elsewhere.example")).isEqualTo(403);
	}

	@Test
	void aBrowserThatSpeaksNothingElseIsConnectedAndGreeted() {
		Needed.command("HAProxy", "haproxy", "-v");
		try (TlsProxy proxy = TlsProxy.passingOnHttp2((JettyContainer) Container.shared("jetty"));
				Browser browser = Browser.at(proxy, "sessionlink")) {
			browser.click("connect");
			browser.awaitState("connected");

			browser.sendName("Over two, and TLS");

			browser.await(() -> browser.greetings().stream().anyMatch((name) -> name.startsWith("Over two, and TLS")));
			assertThat(browser.complaints()).isEmpty();
		}
	}

	private String origin() {
		URI url = this.urls.apply("/");
		return url.getScheme() + "://" + url.getAuthority();
	}

}
