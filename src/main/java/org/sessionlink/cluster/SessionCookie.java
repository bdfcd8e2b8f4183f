package org.sessionlink.cluster;

import java.util.List;
import java.util.function.Supplier;

import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The cookie of the session, as the deployer and the application have told the container
 * to make it. It is always {@code HttpOnly}, and {@code SameSite=Lax} where nobody says
 * otherwise.
 */
final class SessionCookie implements CookieSerializer {

	/** More than a browser has of one name; each costs a look into the store. */
	private static final int MOST_READ = 8;

	// What the application decides is known once it has started.
	private final Supplier<DefaultCookieSerializer> cookie;

	SessionCookie(ServletContext servletContext) {
		this.cookie = SingletonSupplier.of(() -> cookie(servletContext.getSessionCookieConfig()));
	}

	private static DefaultCookieSerializer cookie(SessionCookieConfig config) {
		DefaultCookieSerializer cookie = new DefaultCookieSerializer();
		cookie.setUseBase64Encoding(false);
		cookie.setCookieName(StringUtils.hasText(config.getName()) ? config.getName() : "JSESSIONID");
		if (config.isSecure()) {
			cookie.setUseSecureCookie(true);
		}
		if (StringUtils.hasText(config.getPath())) {
			cookie.setCookiePath(config.getPath());
		}
		String domain = config.getDomain();
		if (StringUtils.hasText(domain)) {
			// Browsers ignore a dot in front (RFC 6265, 5.2.3).
			cookie.setDomainName(StringUtils.trimLeadingCharacter(domain, '.'));
		}
		if (config.getMaxAge() >= 0) {
			cookie.setCookieMaxAge(config.getMaxAge());
		}
		String sameSite = attribute(config, "SameSite");
		if (sameSite != null) {
			cookie.setSameSite(sameSite);
		}
		cookie.setPartitioned(attribute(config, "Partitioned") != null);
		return cookie;
	}

	private static @Nullable String attribute(SessionCookieConfig config, String name) {
		return config.getAttributes()
			.entrySet()
			.stream()
			.filter((attribute) -> attribute.getKey().equalsIgnoreCase(name))
			.map((attribute) -> attribute.getValue())
			.filter((value) -> !"false".equalsIgnoreCase(value))
			.findFirst()
			.orElse(null);
	}

	@Override
	public void writeCookieValue(CookieValue cookieValue) {
		this.cookie.get().writeCookieValue(cookieValue);
	}

	@Override
	public List<String> readCookieValues(HttpServletRequest request) {
		return this.cookie.get().readCookieValues(request).stream().distinct().limit(MOST_READ).toList();
	}

}
