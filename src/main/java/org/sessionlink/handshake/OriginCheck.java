package org.sessionlink.handshake;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.link.LogText;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.support.OriginHandshakeInterceptor;

/**
 * Refuses the handshakes of other sites' pages with 403, and tells the operator how to
 * allow one (B25).
 */
final class OriginCheck extends OriginHandshakeInterceptor {

	private static final Logger log = LoggerFactory.getLogger(OriginCheck.class);

	private static final Refusal FOREIGN = new Refusal(HttpStatus.FORBIDDEN,
			"Pages of this origin may not connect here.");

	private static final String FETCH_SITE = "Sec-Fetch-Site";

	private static final Set<String> SITES_OF_OTHERS = Set.of("cross-site", "same-site");

	private final Links links;

	OriginCheck(Links links, AllowedOrigins allowed) {
		super(allowed.exact());
		setAllowedOriginPatterns(allowed.patterns());
		this.links = links;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws Exception {
		boolean allowed = !isOfAnotherSite(request.getHeaders()) && isAllowed(request, response, handler, attributes);
		if (!allowed) {
			refused(this.links, request.getHeaders().getOrigin());
			FOREIGN.writeTo(response);
		}
		return allowed;
	}

	/** Counts and logs that pages of an origin may not connect. */
	static void refused(Links links, @Nullable String origin) {
		links.refused(Refused.ORIGIN);
		log.warn(
				"Handshake refused with 403: the origin {} is neither this application's own "
						+ "nor one of sessionlink.allowed-origins",
				LogFormatUtils.formatValue(LogText.visible(origin), 200, true));
	}

	// An image or a frame names no origin, and can still ask for SockJS's transports.
	private static boolean isOfAnotherSite(HttpHeaders headers) {
		String site = headers.getFirst(FETCH_SITE);
		return headers.getOrigin() == null && site != null && SITES_OF_OTHERS.contains(site);
	}

	private boolean isAllowed(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws Exception {
		try {
			return super.beforeHandshake(request, response, handler, attributes);
		}
		catch (IllegalArgumentException ex) {
			// Spring compares origins as URLs, and fails where a header is none.
			return false;
		}
	}

}
