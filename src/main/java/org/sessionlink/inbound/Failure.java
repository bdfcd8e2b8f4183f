package org.sessionlink.inbound;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.link.Refused;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.util.ClassUtils;

/**
 * Why a frame failed, in words of ours.
 *
 * @param code for programs
 * @param sentence for people
 * @param reason as what it counts, or null for a failure of the server
 * @param root what lies at the bottom of it
 */
record Failure(String code, String sentence, @Nullable Refused reason, Throwable root) {

	static final String INTERNAL = "internal-error";

	private static final boolean SPRING_SECURITY = ClassUtils
		.isPresent("org.springframework.security.web.csrf.CsrfException", Failure.class.getClassLoader());

	/** Looks what has made a frame fail; null for what was no frame. */
	static Failure of(Throwable cause, @Nullable StompHeaderAccessor clientFrame) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(cause);
		if (root instanceof NoLiveSessionException) {
			return new Failure(String.valueOf(root.getMessage()), NoLiveSessionException.WHAT_TO_DO,
					Refused.SESSION_OVER, root);
		}
		FrameRefusedException refused = (root instanceof FrameRefusedException known) ? known
				: asRefused(cause, clientFrame);
		return (refused != null) ? new Failure(refused.reason().code(), refused.sentence(), refused.reason(), root)
				: new Failure(INTERNAL, "The server could not handle this frame: its log says why.", null, root);
	}

	// Spring's own look at frames and their order; what a handler throws comes wrapped.
	private static @Nullable FrameRefusedException asRefused(Throwable cause,
			@Nullable StompHeaderAccessor clientFrame) {
		if (clientFrame == null) {
			return FrameRefusedException.malformed();
		}
		FrameRefusedException flaw = SafeDecoder.flawOf(clientFrame.getMessageHeaders());
		if (flaw != null) {
			return flaw;
		}
		if (cause instanceof IllegalStateException) {
			return new FrameRefusedException(Refused.UNEXPECTED,
					"A connection starts with one CONNECT frame, and all other frames follow it.");
		}
		if (cause instanceof IllegalArgumentException) {
			return FrameRefusedException.malformed();
		}
		return SPRING_SECURITY ? SpringSecurity.asRefused(cause) : null;
	}

	/** Returns whether it is the application that has said no, or has failed. */
	boolean isOfApplication() {
		return this.reason == null || this.reason == Refused.ACCESS_DENIED
				|| (this.reason == Refused.CSRF && !(this.root instanceof FrameRefusedException));
	}

	/** Apart, so that it is loaded only where Spring Security is there. */
	private static final class SpringSecurity {

		static @Nullable FrameRefusedException asRefused(Throwable cause) {
			for (Throwable each = cause; each != null; each = each.getCause()) {
				if (each instanceof CsrfException) {
					return FrameRefusedException.csrf();
				}
				if (each instanceof AccessDeniedException || each instanceof AuthenticationException) {
					return new FrameRefusedException(Refused.ACCESS_DENIED,
							"You may not do this here: log in, or as somebody who may.");
				}
			}
			return null;
		}

	}

}
