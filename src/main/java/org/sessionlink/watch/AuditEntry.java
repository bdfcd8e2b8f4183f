package org.sessionlink.watch;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit trail; text of any length is cut at 200 characters.
 *
 * @param time when it happened
 * @param who who did it; null for the server itself
 * @param action what was done
 * @param target what it was done to
 * @param reason why, in the words of who did it; null where nobody said
 * @param ended how many links it has ended; null where it was not about any number
 * @param code with which a socket was closed; null where none was
 */
public record AuditEntry(Instant time, @Nullable String who, Action action, Target target, @Nullable String reason,
		@Nullable Integer ended, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer code) {

	private static final int LONGEST = 200;

	/** Of what was not about any number. */
	AuditEntry(Instant time, @Nullable String who, Action action, Target target, @Nullable String reason) {
		this(time, who, action, target, reason, null, null);
	}

	public AuditEntry {
		who = cut(who);
		reason = (reason != null && !reason.isBlank()) ? cut(reason) : null;
	}

	static @Nullable String cut(@Nullable String text) {
		return (text != null && text.length() > LONGEST) ? text.substring(0, LONGEST) : text;
	}

	/** What was done. */
	public enum Action {

		/** Somebody has ended one socket. */
		END_SOCKET,

		/** Somebody has ended a link. */
		END_LINK,

		/** Somebody has ended the links of a user. */
		END_USER,

		/** Somebody has ended all links. */
		END_ALL,

		/** Somebody has revoked a subscription. */
		REVOKE,

		/** Somebody has this server let its clients go. */
		DRAIN,

		/** Somebody has this server take new clients again. */
		UNDRAIN,

		/** A link has ended, for the reason that its clients are told. */
		LINK_ENDED,

		/** Somebody else, or the same with other roles, is behind a link. */
		USER_CHANGED,

		/** A link is there that was not. */
		LINK_OPENED,

		/** A socket has opened. */
		SOCKET_OPENED,

		/** A socket has closed, for the reason that is its cause. */
		SOCKET_CLOSED,

		/** A client has subscribed to something. */
		SUBSCRIBED,

		/** Something was refused, for the reason that its client is told. */
		REFUSED;

		/**
		 * Returns the action with this name, also in lower case with hyphens, or null.
		 */
		static @Nullable Action by(String word) {
			return Arrays.stream(values())
				.filter((action) -> action.name().equals(word) || action.word().equals(word))
				.findAny()
				.orElse(null);
		}

		static String words() {
			return Arrays.stream(values()).map(Action::word).collect(Collectors.joining(", "));
		}

		private String word() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/**
	 * What something was done to: what is not known, or has nothing to do with it, is
	 * null.
	 *
	 * @param link the fingerprint of the link
	 * @param user the name of the user
	 * @param socket the id of the socket
	 * @param subscription the id that the client gave its subscription
	 * @param destination what it is to
	 */
	public record Target(@Nullable String link, @Nullable String user, @Nullable String socket,
			@Nullable String subscription, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String destination) {

		Target(@Nullable String link, @Nullable String user, @Nullable String socket, @Nullable String subscription) {
			this(link, user, socket, subscription, null);
		}

		public Target {
			user = cut(user);
			socket = cut(socket);
			subscription = cut(subscription);
			destination = cut(destination);
		}

	}

}
