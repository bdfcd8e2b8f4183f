package org.sessionlink.inbound;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.LoginTries;
import org.sessionlink.link.LoginTries.Outcome;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * Lets a CONNECT frame through: of a version that is spoken here, with the CSRF token
 * where one is asked for (B25), and from somebody who may (B35).
 */
final class ConnectCheck {

	// The newest first, as Spring chooses.
	private static final List<String> VERSIONS = List.of("1.2", "1.1", "1.0");

	// All of somebody connect at once when a server is back.
	private static final int TABS = 64;

	private final @Nullable CsrfCheck csrf;

	private final ConnectLogin logins;

	private final Supplier<? extends @Nullable ConnectAuthenticator> authenticator;

	private final LoginTries tries;

	private final LongSupplier heartbeat;

	/**
	 * Makes the check.
	 * @param logins whether login and passcode may be, or have to be, there
	 * @param tries of which those that the authenticator refuses are some
	 * @param heartbeat how often the server wants heart-beats, in milliseconds; 0 for
	 * never
	 */
	ConnectCheck(boolean csrf, ConnectLogin logins, Supplier<? extends @Nullable ConnectAuthenticator> authenticator,
			LoginTries tries, LongSupplier heartbeat) {
		this.tries = tries;
		this.heartbeat = heartbeat;
		this.csrf = csrf ? new CsrfCheck() : null;
		this.logins = logins;
		this.authenticator = authenticator;
	}

	/**
	 * Lets the frame pass.
	 * @throws FrameRefusedException if it is refused
	 */
	Message<?> pass(Message<?> message, MessageChannel channel, StompHeaderAccessor frame, SocketLink socket,
			Incoming incoming) {
		String version = version(frame);
		checkCsrfToken(message, channel);
		logIn(frame, socket, incoming);
		long clientMillis = frame.getHeartbeat()[0];
		incoming.ifSent(() -> {
			incoming.pulse().agree(clientMillis, this.heartbeat.getAsLong());
			socket.connected(version);
		});
		return message;
	}

	private static String version(StompHeaderAccessor frame) {
		Set<String> asked = frame.getAcceptVersion();
		if (asked.isEmpty() && frame.isMutable()) {
			// Who says nothing speaks the first version (STOMP 1.2, "Protocol
			// Negotiation").
			frame.setAcceptVersion("1.0");
			return "1.0";
		}
		return VERSIONS.stream()
			.filter(asked::contains)
			.findFirst()
			.orElseThrow(
					() -> new FrameRefusedException(Refused.VERSION, "This server speaks STOMP 1.0, 1.1 and 1.2."));
	}

	private void checkCsrfToken(Message<?> message, MessageChannel channel) {
		if (this.csrf != null) {
			this.csrf.check(message, channel);
		}
	}

	private void logIn(StompHeaderAccessor frame, SocketLink socket, Incoming incoming) {
		if (this.logins != ConnectLogin.IGNORED && frame.getLogin() == null && frame.getPasscode() == null) {
			if (this.logins == ConnectLogin.REQUIRED) {
				throw new FrameRefusedException(Refused.LOGIN,
						"CONNECT needs the headers login and passcode here: connect with them.");
			}
			return;
		}
		ConnectAuthenticator asked = this.authenticator.get();
		if (asked == null) {
			return;
		}
		Identity identity = authenticate(asked, frame, socket);
		// Who handles the frame has to know it already.
		socket.loggedIn(identity);
		incoming.ifNotSent(socket::notLoggedIn);
		if (frame.isMutable() && identity.principal() != null) {
			frame.setUser(identity.principal());
		}
	}

	private Identity authenticate(ConnectAuthenticator asked, StompHeaderAccessor frame, SocketLink socket) {
		String login = frame.getLogin();
		if (login == null && frame.getPasscode() == null) {
			return known(asked.authenticate(null, null, socket.link()));
		}
		LoginTries.Try begun = this.tries.begin((login != null) ? login : "",
				Objects.requireNonNullElse(socket.remoteAddress(), ""), TABS);
		if (begun.hasToWait()) {
			throw new FrameRefusedException(Refused.TOO_MANY_LOGINS,
					"Too many logins have failed: connect again in " + begun.waitSeconds() + " s.");
		}
		Outcome outcome = Outcome.UNDECIDED;
		try {
			Identity identity = asked.authenticate(login, frame.getPasscode(), socket.link());
			outcome = (identity != null) ? Outcome.KNOWN : Outcome.REFUSED;
			return known(identity);
		}
		finally {
			begun.end(outcome);
		}
	}

	private static Identity known(@Nullable Identity identity) {
		if (identity == null) {
			throw new FrameRefusedException(Refused.LOGIN, "Login and passcode do not fit: connect with others.");
		}
		return identity;
	}

}
