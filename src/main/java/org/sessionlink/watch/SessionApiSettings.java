package org.sessionlink.watch;

import java.util.List;

/**
 * What the session API has to know of what a deployer has decided about handshakes.
 *
 * @param required whether a handshake is refused where somebody has not opened a session
 * first
 * @param allowedOrigins the origins whose pages may use it, beside the application's own
 */
public record SessionApiSettings(boolean required, List<String> allowedOrigins) {

	public SessionApiSettings {
		allowedOrigins = List.copyOf(allowedOrigins);
	}

}
