package org.sessionlink.outbound;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;

/** B46 */
class ConnectedFrameTest {

	private final Link link = new Links(new FakeClock(), LinkPolicy.DEFAULT).open("key", "id", Home.GONE);

	private final String session = "session:" + this.link.fingerprint();

	@ParameterizedTest
	@CsvSource({ "version:1.2~~0, version:1.2~~0", "~0, ~0", "session:a~session:b~~0, ~0",
			"version:1.2~session:own~server:x~~0, version:1.2~server:x~~0", "old-session:a~~0, old-session:a~~0",
			"version:1.2~user-name:bob~~session:body~user-name:body~~0, version:1.2~~session:body~user-name:body~~0" })
	void itNamesTheLinkOnceWhateverItHasNamed(String spring, String others) {
		String frame = "CONNECTED\n" + lines(spring);

		assertThat(text(frame, null)).isEqualTo("CONNECTED\n" + this.session + "\n" + lines(others));
	}

	@ParameterizedTest
	@CsvSource({ "ada, ada", "a:b\\c, a:b\\c", "ada~session:forged~~body, adasession:forgedbody", "ada0body, adabody",
			"ad\u00e4, ad\u00e4" })
	void itNamesWhoIsAtTheOtherEndNow(String name, String said) {
		String frame = "CONNECTED\nuser-name:bob\nversion:1.2\n\n\0";

		assertThat(text(frame, lines(name)))
			.isEqualTo("CONNECTED\n" + this.session + "\nuser-name:" + said + "\nversion:1.2\n\n\0");
	}

	@Test
	void itMayGoOutAsBytes() {
		BinaryMessage spring = new BinaryMessage("CONNECTED\nversion:1.2\n\n\u00e4\0".getBytes(StandardCharsets.UTF_8));

		BinaryMessage sent = (BinaryMessage) ConnectedFrame.of(socket("ad\u00e4"), spring);

		assertThat(StandardCharsets.UTF_8.decode(sent.getPayload()).toString())
			.isEqualTo("CONNECTED\n" + this.session + "\nuser-name:ad\u00e4\nversion:1.2\n\n\u00e4\0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "MESSAGE\nsession:a\n\nCONNECTED\n\n\0", "CONNECTED", "CONNECT\n\n\0", "", "\n",
			"CONNECTED\nno end", "CONNECTED \n\n\0" })
	void whatIsNoSuchFrameIsLeftAlone(String frame) {
		WebSocketMessage<?> bytes = new BinaryMessage(frame.getBytes(StandardCharsets.UTF_8));

		assertThat(text(frame, "ada")).isEqualTo(frame);
		assertThat(ConnectedFrame.of(socket("ada"), bytes)).isEqualTo(bytes);
	}

	private String text(String frame, @Nullable String name) {
		return (String) ConnectedFrame.of(socket(name), new TextMessage(frame)).getPayload();
	}

	private SocketLink socket(@Nullable String name) {
		Principal principal = () -> name;
		return new SocketLink(this.link, (name != null) ? new Identity(principal, Set.of()) : Identity.ANONYMOUS);
	}

	private static String lines(String text) {
		return text.replace('~', '\n').replace("0", "\0");
	}

}
