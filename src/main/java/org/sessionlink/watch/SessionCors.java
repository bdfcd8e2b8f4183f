package org.sessionlink.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.link.LogText;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;

/**
 * Whose pages may use the session API from elsewhere: those of
 * {@code sessionlink.allowed-origins}, with the session of their visitor, as they may
 * open sockets (B25).
 */
public final class SessionCors {

	private static final Logger logger = LoggerFactory.getLogger(SessionCors.class);

	private static final Duration REMEMBERED = Duration.ofMinutes(10);

	private final CorsConfiguration allowed = new CorsConfiguration();

	private final Links links;

	SessionCors(List<String> origins, Links links) {
		this.links = links;
		this.allowed.setAllowedOrigins(origins);
		this.allowed.setAllowCredentials(true);
		this.allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "DELETE"));
		// Of the CSRF token, which each application names as it likes.
		this.allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
		this.allowed.setExposedHeaders(List.of(HttpHeaders.RETRY_AFTER));
		this.allowed.setMaxAge(REMEMBERED);
	}

	/**
	 * Returns a filter that lets these pages ask for more, such as a login, and stands
	 * before whatever else may refuse their requests.
	 * @param paths as Spring MVC knows them, such as {@code /session/**}
	 */
	public CorsFilter filter(String... paths) {
		UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
		for (String path : paths) {
			source.registerCorsConfiguration(path, this.allowed);
		}
		CorsFilter filter = new CorsFilter(source);
		filter.setCorsProcessor(new Check());
		return filter;
	}

	void applyTo(AbstractHandlerMapping mapping) {
		mapping.setCorsConfigurations(Map.of("/**", this.allowed));
		mapping.setCorsProcessor(new Check());
	}

	/** Spring's own, which refuses with a code and a sentence. */
	private final class Check extends DefaultCorsProcessor {

		@Override
		public boolean processRequest(@Nullable CorsConfiguration configuration, HttpServletRequest request,
				HttpServletResponse response) throws IOException {
			boolean allowed = super.processRequest(configuration, request, response);
			if (!allowed) {
				SessionCors.this.links.refused(Refused.ORIGIN);
				logger.warn(
						"Request refused with 403: the origin {} is neither this application's own "
								+ "nor one of sessionlink.allowed-origins",
						LogFormatUtils.formatValue(LogText.visible(request.getHeader(HttpHeaders.ORIGIN)), 200, true));
			}
			return allowed;
		}

		@Override
		protected void rejectRequest(ServerHttpResponse response) throws IOException {
			response.setStatusCode(HttpStatus.FORBIDDEN);
			response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
			response.getHeaders().setCacheControl(CacheControl.noStore());
			response.getBody()
				.write(("{\"error\":\"" + Refused.ORIGIN.code()
						+ "\",\"message\":\"Pages of this origin may not ask for this.\"}")
					.getBytes(StandardCharsets.UTF_8));
			response.flush();
		}

	}

}
