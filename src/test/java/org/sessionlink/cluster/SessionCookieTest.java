package org.sessionlink.cluster;

import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.Cookie;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.session.web.http.CookieSerializer.CookieValue;

import static org.assertj.core.api.Assertions.assertThat;

/** B20: the cookie of a session that several nodes share is that of the container. */
class SessionCookieTest {

	private final MockServletContext application = new MockServletContext();

	private final SessionCookie cookie = new SessionCookie(this.application);

	@Test
	void whatTheApplicationSaysOfTheCookieHoldsAlsoWhereItSaysItLate() {
		SessionCookieConfig config = this.application.getSessionCookieConfig();
		config.setName("id");
		config.setPath("/all");
		config.setDomain("example.org");
		config.setMaxAge(3600);
		config.setSecure(true);
		config.setAttribute("SameSite", "Strict");

		assertThat(written().split("; ")).contains("id=of-a-session", "Path=/all", "Domain=example.org", "Max-Age=3600",
				"Secure", "HttpOnly", "SameSite=Strict");
	}

	@Test
	void whereNothingIsSaidItLivesWithTheBrowserAndGoesToNoScriptAndNoOtherSite() {
		assertThat(written().split("; ")).containsExactlyInAnyOrder("JSESSIONID=of-a-session", "Path=/chat", "HttpOnly",
				"SameSite=Lax");
	}

	@Test
	void itIsReadByTheNameThatItIsWrittenUnder() {
		this.application.getSessionCookieConfig().setName("id");
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setCookies(new Cookie("JSESSIONID", "other"), new Cookie("id", "of-a-session"));

		assertThat(this.cookie.readCookieValues(request)).containsExactly("of-a-session");
	}

	private String written() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setContextPath("/chat");
		MockHttpServletResponse response = new MockHttpServletResponse();
		this.cookie.writeCookieValue(new CookieValue(request, response, "of-a-session"));
		return String.valueOf(response.getHeader("Set-Cookie"));
	}

}
