package org.sessionlink.inbound;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.LoginTries;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DefaultCsrfToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ConnectCheckTest {

	private static final String TOKEN = "secret-token";

	private final SocketLink socket = new SocketLink(
			new Links(new FakeClock(), LinkPolicy.DEFAULT).open("key", "id", Home.GONE));

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	private final List<String> asked = new ArrayList<>();

	@ParameterizedTest
	@CsvSource({ "1.0", "1.1", "1.2", "'1.1,1.2'", "'1.2,2.0'" })
	void everyVersionThatIsSpokenPasses(String versions) {
		Message<byte[]> connect = connect("accept-version:" + versions + "\n");

		assertThat(pass(new ConnectCheck(false, ConnectLogin.IGNORED, () -> null, tries(), () -> 100), connect))
			.isSameAs(connect);
		assertThat(this.socket.isConnected()).isFalse();
		Incoming.in(this.attributes).done(true);

		assertThat(this.socket.isConnected()).isTrue();
	}

	@Test
	void aConnectThatIsNotSentConnectsNobodyAndAgreesOnNothing() {
		pass(new ConnectCheck(false, ConnectLogin.IGNORED, () -> null, tries(), () -> 100),
				connect("accept-version:1.2\nheart-beat:200,0\n"));

		Incoming.in(this.attributes).done(false);
		Incoming.in(this.attributes).done(true);

		assertThat(this.socket.isConnected()).isFalse();
		assertThat(Incoming.in(this.attributes).pulse().allows(0)).isFalse();
	}

	@Test
	void whoAsksForNoVersionGetsTheFirst() {
		Message<byte[]> connect = connect("");

		pass(new ConnectCheck(false, ConnectLogin.IGNORED, () -> null, tries(), () -> 100), connect);

		assertThat(headers(connect).getAcceptVersion()).containsExactly("1.0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "2.0", "1", "one" })
	void otherVersionsAreRefused(String version) {
		assertThat(refusal(new ConnectCheck(false, ConnectLogin.IGNORED, () -> null, tries(), () -> 100),
				connect("accept-version:" + version + "\n"))
			.reason()).isEqualTo(Refused.VERSION);
		assertThat(this.socket.isConnected()).isFalse();
	}

	@Test
	void withoutAnAuthenticatorLoginAndPasscodeMeanNothing() {
		Message<byte[]> connect = connect("accept-version:1.2\nlogin:ada\npasscode:engine\n");

		pass(new ConnectCheck(false, ConnectLogin.IGNORED, () -> null, tries(), () -> 100), connect);

		assertThat(this.socket.identity()).isEqualTo(Identity.ANONYMOUS);
		assertThat(connect.toString()).doesNotContain("engine");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void thePasscodeGoesNoFurtherThanTheLastInterceptor(boolean mutable) {
		Message<byte[]> connect = connect("accept-version:1.2\nlogin:ada\npasscode:engine\n");
		if (!mutable) {
			headers(connect).setImmutable();
		}

		Message<?> sent = new ForgottenPasscode().preSend(connect, new ExecutorSubscribableChannel());

		assertThat(StompHeaderAccessor.wrap(sent).getPasscode()).isNull();
		assertThat(StompHeaderAccessor.wrap(sent).getLogin()).isEqualTo("ada");
		assertThat(sent.getHeaders().toString()).doesNotContain("passcode");
	}

	@Test
	void whoLogsInIsTheUserOfTheSocket() {
		Message<byte[]> connect = connect("accept-version:1.2\nlogin:ada\npasscode:engine\n");

		pass(new ConnectCheck(false, ConnectLogin.IGNORED, () -> this::authenticate, tries(), () -> 100), connect);

		assertThat(this.asked).containsExactly("ada engine");
		assertThat(this.socket.identity().name()).isEqualTo("ada");
		assertThat(this.socket.identity().roles()).containsExactly("STAFF");
		assertThat(headers(connect).getUser()).isNotNull().extracting("name").isEqualTo("ada");
	}

	@ParameterizedTest
	@ValueSource(strings = { "login:ada\npasscode:wrong\n", "login:ada\n", "" })
	void whoMayNotIsRefused(String headers) {
		FrameRefusedException refusal = refusal(
				new ConnectCheck(false, ConnectLogin.IGNORED, () -> this::authenticate, tries(), () -> 100),
				connect("accept-version:1.2\n" + headers));

		assertThat(refusal.reason()).isEqualTo(Refused.LOGIN);
		assertThat(refusal.sentence()).doesNotContain("ada", "wrong");
		assertThat(this.socket.isConnected()).isFalse();
	}

	@Test
	void whoGuessesWaitsAndTheAuthenticatorIsNotAsked() {
		ConnectCheck check = new ConnectCheck(false, ConnectLogin.IGNORED, () -> this::authenticate, tries(),
				() -> 100);
		for (int i = 0; i < 5; i++) {
			refusal(check, connect("accept-version:1.2\nlogin:ada\npasscode:guess\n"));
		}

		FrameRefusedException refusal = refusal(check, connect("accept-version:1.2\nlogin:ada\npasscode:engine\n"));

		assertThat(refusal.reason()).isEqualTo(Refused.TOO_MANY_LOGINS);
		assertThat(refusal.sentence()).isEqualTo("Too many logins have failed: connect again in 1 s.");
		assertThat(this.asked).hasSize(5);
		assertThat(this.socket.isConnected()).isFalse();
	}

	@Test
	void whoGivesNeitherLoginNorPasscodeDoesNotGuess() {
		ConnectCheck check = new ConnectCheck(false, ConnectLogin.IGNORED, () -> this::authenticate, tries(),
				() -> 100);

		for (int i = 0; i < 10; i++) {
			assertThat(refusal(check, connect("accept-version:1.2\n")).reason()).isEqualTo(Refused.LOGIN);
		}
	}

	@Test
	void theCsrfTokenOfTheSessionPasses() {
		this.attributes.put(CsrfToken.class.getName(), new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", TOKEN));
		Message<byte[]> connect = connect("accept-version:1.2\nX-CSRF-TOKEN:" + masked(TOKEN) + "\n");

		assertThat(pass(new ConnectCheck(true, ConnectLogin.IGNORED, () -> null, tries(), () -> 100), connect))
			.isSameAs(connect);
	}

	@ParameterizedTest
	@CsvSource({ "OPTIONAL, ''", "REQUIRED, refused", "OPTIONAL, refused by name", "REQUIRED, refused by name" })
	void whereLoginsAreAskedForNobodyIsTakenForSomebodyElse(ConnectLogin logins, String outcome) {
		ConnectCheck check = new ConnectCheck(false, logins, () -> (login, passcode, link) -> null, tries(), () -> 100);
		Message<byte[]> connect = connect(
				"accept-version:1.2\n" + (outcome.endsWith("name") ? "login:eve\npasscode:guess\n" : ""));

		if (outcome.isEmpty()) {
			pass(check, connect);
			assertThat(this.socket.isLoggedIn()).isFalse();
		}
		else {
			assertThat(refusal(check, connect).reason()).isEqualTo(Refused.LOGIN);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "X-CSRF-TOKEN:\n", "X-CSRF-TOKEN:%%\n", "X-CSRF-TOKEN:" + TOKEN + "\n",
			"x-csrf-token:AAAA\n" })
	void noTokenOrAnotherIsRefused(String header) {
		this.attributes.put(CsrfToken.class.getName(), new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", TOKEN));

		assertThat(refusal(new ConnectCheck(true, ConnectLogin.IGNORED, () -> null, tries(), () -> 100),
				connect("accept-version:1.2\n" + header))
			.reason()).isEqualTo(Refused.CSRF);
	}

	@Test
	void aSessionWithoutATokenIsRefusedWhereOneIsAskedFor() {
		assertThat(refusal(new ConnectCheck(true, ConnectLogin.IGNORED, () -> null, tries(), () -> 100),
				connect("accept-version:1.2\n"))
			.reason()).isEqualTo(Refused.CSRF);
	}

	@Test
	void thePaceOfHeartbeatsIsAgreedOn() {
		pass(new ConnectCheck(false, ConnectLogin.IGNORED, () -> null, tries(), () -> 100),
				connect("accept-version:1.2\nheart-beat:200,0\n"));
		Incoming.in(this.attributes).done(true);

		Pulse pulse = Incoming.in(this.attributes).pulse();
		long due = 0;
		for (int i = 0; i < 10; i++) {
			assertThat(pulse.allows(due)).isTrue();
			due += 200_000_000;
		}
		assertThat(IntStream.range(0, 5).filter((i) -> pulse.allows(1_800_000_000L)).count()).isLessThan(4);
	}

	@Test
	void anAuthenticatorThatFailsLetsNobodyIn() {
		ConnectAuthenticator failing = (login, passcode, link) -> {
			throw new StackOverflowError("as of the application");
		};

		assertThatThrownBy(() -> pass(new ConnectCheck(false, ConnectLogin.IGNORED, () -> failing, tries(), () -> 0),
				connect("accept-version:1.2\n")))
			.isInstanceOf(StackOverflowError.class);

		assertThat(this.socket.isConnected()).isFalse();
	}

	private static LoginTries tries() {
		return new LoginTries(new FakeClock(), () -> {
		});
	}

	private Identity authenticate(String login, String passcode, Object link) {
		this.asked.add(login + " " + passcode);
		return "engine".equals(passcode) ? new Identity(() -> login, Set.of("STAFF")) : null;
	}

	private Message<byte[]> connect(String headers) {
		return Frames.of("CONNECT\n" + headers + "\n\0", this.attributes);
	}

	private Message<?> pass(ConnectCheck check, Message<byte[]> connect) {
		return check.pass(connect, new ExecutorSubscribableChannel(), headers(connect), this.socket,
				Incoming.in(this.attributes));
	}

	private FrameRefusedException refusal(ConnectCheck check, Message<byte[]> connect) {
		return catchThrowableOfType(FrameRefusedException.class, () -> pass(check, connect));
	}

	private static StompHeaderAccessor headers(Message<byte[]> message) {
		return MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
	}

	// As Spring Security gives it to pages: random bytes, and the token mixed with them.
	private static String masked(String token) {
		byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
		byte[] both = new byte[2 * bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			both[i] = (byte) (i * 37);
			both[bytes.length + i] = (byte) (bytes[i] ^ both[i]);
		}
		return Base64.getUrlEncoder().encodeToString(both);
	}

}
