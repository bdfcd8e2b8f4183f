package org.sessionlink.cluster;

import java.util.List;
import java.util.stream.IntStream;

import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.Cookie;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.session.web.http.CookieSerializer.CookieValue;

import static org.assertj.core.api.Assertions.assertThat;

/** The cookie of a session that several servers share (B25). */
class SessionCookieTest {

	private final MockServletContext servletContext = new MockServletContext();

	private final SessionCookieConfig config = this.servletContext.getSessionCookieConfig();

	private final SessionCookie cookie = new SessionCookie(this.servletContext);

	private List<String> written(String value) {
		MockHttpServletRequest request = new MockHttpServletRequest(this.servletContext);
		request.setContextPath("/app");
		MockHttpServletResponse response = new MockHttpServletResponse();
		this.cookie.writeCookieValue(new CookieValue(request, response, value));
		return List.of(String.valueOf(response.getHeader("Set-Cookie")).split("; "));
	}

	@Test
	void itIsTheContainersWhereNobodySaysOtherwise() {
		assertThat(written("x")).containsExactlyInAnyOrder("JSESSIONID=x", "Path=/app", "HttpOnly", "SameSite=Lax");
	}

	@Test
	void itIsAsTheApplicationDecidesAsItStarts() {
		this.config.setName("SID");
		this.config.setPath("/");
		this.config.setDomain("example.org");
		this.config.setMaxAge(60);
		this.config.setSecure(true);
		this.config.setAttribute("samesite", "Strict");

		assertThat(written("x")).contains("SID=x", "Max-Age=60", "Domain=example.org", "Path=/", "Secure", "HttpOnly",
				"SameSite=Strict");
		assertThat(written("")).contains("SID=", "Max-Age=0", "Domain=example.org", "Path=/", "Secure", "HttpOnly",
				"SameSite=Strict");
	}

	@Test
	void aDomainMayBeWrittenWithADotInFront() {
		this.config.setDomain(".example.org");

		assertThat(written("x")).contains("Domain=example.org");
	}

	@Test
	void manyOfThemCostNoMoreThanAFew() {
		MockHttpServletRequest request = new MockHttpServletRequest(this.servletContext);
		request.setCookies(IntStream.range(0, 500)
			.mapToObj((i) -> new Cookie("JSESSIONID", Integer.toString(i / 2)))
			.toArray(Cookie[]::new));

		assertThat(this.cookie.readCookieValues(request)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
	}

}
