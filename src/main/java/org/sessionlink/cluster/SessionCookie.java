package org.sessionlink.cluster;

import java.util.List;
import java.util.function.Supplier;

import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.util.function.SingletonSupplier;

/**
 * The cookie of a session, as the container would make it: as {@code web.xml} or the
 * application has told it (Servlet 6.1, section 7.2.1), at any time before the first
 * request. Where they say nothing it is {@code HttpOnly} and {@code SameSite=Lax}.
 */
final class SessionCookie implements CookieSerializer {

	private static final String SAME_SITE = "SameSite";

	private final Supplier<CookieSerializer> cookie;

	/** Makes that of an application. */
	SessionCookie(ServletContext servletContext) {
		this.cookie = SingletonSupplier.of(() -> of(servletContext.getSessionCookieConfig()));
	}

	private static CookieSerializer of(SessionCookieConfig config) {
		DefaultCookieSerializer cookie = new DefaultCookieSerializer();
		cookie.setCookieName((config.getName() != null) ? config.getName() : "JSESSIONID");
		cookie.setUseBase64Encoding(false);
		if (config.isSecure()) {
			cookie.setUseSecureCookie(true);
		}
		if (config.getPath() != null) {
			cookie.setCookiePath(config.getPath());
		}
		if (config.getDomain() != null) {
			cookie.setDomainName(config.getDomain());
		}
		if (config.getMaxAge() >= 0) {
			cookie.setCookieMaxAge(config.getMaxAge());
		}
		if (config.getAttribute(SAME_SITE) != null) {
			cookie.setSameSite(config.getAttribute(SAME_SITE));
		}
		return cookie;
	}

	@Override
	public void writeCookieValue(CookieValue value) {
		this.cookie.get().writeCookieValue(value);
	}

	@Override
	public List<String> readCookieValues(HttpServletRequest request) {
		return this.cookie.get().readCookieValues(request);
	}

}
