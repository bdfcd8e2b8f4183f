package org.sessionlink.journey;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B46, B48: the page in a real browser shows the session, and says of it what is true.
 */
@OnEveryContainer
@InPhase(Phase.PAGES)
class PageSessionIT {

	// Its own, as what is greeted there reaches all who are in it.
	private static final String PAGE = "pagesession";

	private static final String IDLE = "pageidle";

	private static final String ADA = "sessionlink.operator.name=ada\nsessionlink.operator.password=correct horse\n";

	private final Container container;

	PageSessionIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(PageSessionIT.class, Map.of(PAGE, War.withSettings(ADA + "sessionlink.max-age=10h"),
				IDLE, War.withSettings("sessionlink.session-timeout=6s\nsessionlink.activity=none")));
	}

	@Test
	void whoIsLoggedInSeesTheSessionBeforeAndAfterConnecting() {
		try (Browser browser = loggedIn()) {
			browser.awaitShown("facts");
			assertThat(browser.text()).containsPattern("Idle time left\\n(30|29) min \\d+ s")
				.containsPattern("Age left\\n(10 h 0|9 h 59) min");
			assertThat(browser.lines("#sockets li")).isEmpty();

			browser.click("connect");
			browser.await(() -> browser.lines("#sockets li").size() == 1);

			assertThat(browser.lines("#sockets li").get(0)).contains("ada").endsWith("This tab");
			assertThat(browser.find("roles").getText()).isEqualTo("OPERATOR");
			assertThat(browser.find("link").getText())
				.isEqualTo(browser.script("return fetch('session').then((a) => a.json()).then(({ link }) => link)"));
		}
	}

	@Test
	void theTimeLeftIsCountedWithoutAskingAgain() {
		try (Browser browser = connected(Browser.at(this.container, PAGE))) {
			browser.await(() -> browser.lines("#sockets li").size() == 1);
			browser.outlastTimers();
			String left = browser.find("left").getText();
			Object asked = asked(browser);

			browser.await(() -> !browser.find("left").getText().equals(left));
			browser.outlastTimers();

			assertThat(asked(browser)).isEqualTo(asked);
		}
	}

	@Test
	void anIdlePageDoesNotKeepItsSession() {
		try (Browser browser = connected(Browser.at(this.container, IDLE))) {
			browser.awaitState("ended");

			assertThat(browser.state()).contains("The session has expired");
		}
	}

	@Test
	void whereAnAnswerIsLostThePageSaysAllTheSameWhatIsSo() {
		try (Browser browser = loggedIn()) {
			browser.awaitShown("facts");
			browser.script("const { fetch } = window; window.fetch = async (path, options) => {"
					+ "  const answer = await fetch(path, options);"
					+ "  if (options?.method === 'POST') { throw new TypeError('lost'); }" + "  return answer; }");

			browser.click("log-out");
			browser.await(() -> browser.find("who").getText().equals("You are not logged in."));

			assertThat(browser.state()).contains("somebody logged out");
			assertThat(browser.find("account-error").getText()).isEmpty();
		}
	}

	@Test
	void aPageWhoseBrowserIsInAnotherSessionLeavesItsOwnAndEndsNobodyElses() {
		try (Browser browser = connected(Browser.at(this.container, PAGE))) {
			browser.await(() -> browser.lines("#sockets li").size() == 1);
			AtomicReference<Object> other = new AtomicReference<>();

			browser.atOnce(() -> {
				browser.forgetCookies();
				other.set(browser.script("return window.askNow('csrf').then(() => window.askNow('session'))"
						+ ".then((a) => a.json()).then(({ link }) => link)"));
				browser.click("end");
			});
			browser.awaitState("ended");

			assertThat(browser.state()).contains("This browser is in another session now");
			assertThat(browser.script("return fetch('session').then((a) => a.json()).then(({ link }) => link)"))
				.isEqualTo(other.get());
		}
	}

	@Test
	void whereNobodyAnswersAtTheEndThePageSaysWhatWasKnown() {
		try (Browser browser = connected(Browser.at(this.container, IDLE))) {
			browser.await(() -> browser.lines("#sockets li").size() == 1);
			browser.click("disconnect");
			browser.await(() -> browser.lines("#sockets li").isEmpty());

			browser.script("window.fetch = async () => { throw new TypeError('lost'); }");
			browser.await(() -> browser.find("who").getText().equals("You were not logged in."));

			assertThat(browser.find("left").isDisplayed()).isFalse();
		}
	}

	@Test
	void anotherTabIsCountedAndOneWithoutAConnectionHearsOfTheEnd() {
		try (Browser one = connected(loggedIn())) {
			one.awaitShown("mine");
			Browser two = one.tab();
			two.awaitShown("mine");
			Browser three = connected(one.tab());
			one.await(() -> one.lines("#sockets li").size() == 2);

			three.click("log-out");
			two.awaitState("ended");
			one.awaitState("ended");

			for (Browser tab : List.of(one, two, three)) {
				tab.await(() -> tab.find("who").getText().equals("You are not logged in."));
				assertThat(tab.text()).doesNotContain("ada");
			}
		}
	}

	@Test
	void nothingOfAnEndedSessionSurvivesButWhyItHasEnded() {
		try (Browser browser = connected(loggedIn())) {
			browser.awaitShown("mine");
			browser.sendName("gone soon");
			browser.await(() -> browser.greetings().size() == 1);
			assertThat(browser.timeline()).anyMatch((line) -> line.endsWith("Sent SEND /app/message 20 B"))
				.anyMatch((line) -> line.endsWith("You are logged in as ada."));

			browser.click("end");
			browser.awaitState("ended");
			browser.await(() -> browser.find("who").getText().equals("You are not logged in."));

			assertThat(browser.greetings()).isEmpty();
			assertThat(browser.find("facts").isDisplayed()).isFalse();
			assertThat(browser.find("mine").isDisplayed()).isFalse();
			assertThat(browser.find("name").getAttribute("value")).isEqualTo("gone soon");
			assertThat(browser.timeline()).noneMatch((line) -> line.contains("SEND") || line.contains("as ada"))
				.anyMatch((line) -> line.endsWith("Closed with 1008, session-ended."))
				.anyMatch((line) -> line.contains("The session has ended: somebody logged out"));
		}
	}

	@Test
	void aPersonEndsTheirOtherSessionsAndTheseSaySo() {
		try (Browser here = connected(loggedIn()); Browser there = connected(loggedIn())) {
			here.awaitShown("mine");
			there.awaitShown("mine");
			String link = there.find("link").getText();
			here.script("document.dispatchEvent(new Event('visibilitychange'))");
			here.await(() -> here.lines("#mine-list li").stream().anyMatch((line) -> line.contains(link)));
			assertThat(here.lines("#mine-list li").get(0)).contains("This session").contains("Chrome");

			here.script("document.querySelector('[data-link=\"" + link + "\"]').focus()");
			here.type(Keys.ENTER);
			there.awaitState("ended");
			here.await(() -> here.lines("#mine-list li").stream().noneMatch((line) -> line.contains(link)));

			assertThat(there.state()).contains("somebody ended it, you on another device or an operator");
			assertThat(here.focus()).isEqualTo("mine-heading");
			assertThat(here.state()).isEqualTo("Connected.");
		}
	}

	@Test
	void whatIsFilteredOutOfTheTimelineIsNotShown() {
		try (Browser browser = connected(Browser.at(this.container, PAGE))) {
			browser.await(() -> browser.timeline().stream().anyMatch((line) -> line.endsWith("Received CONNECTED")));

			browser.script("document.getElementById('show-frames').click()");

			assertThat(browser.timeline()).noneMatch((line) -> line.endsWith("Received CONNECTED"))
				.anyMatch((line) -> line.contains("Connected under session"));
		}
	}

	@Test
	void aNewSessionIdIsNotNoticed() {
		try (Browser browser = connected(Browser.at(this.container, PAGE))) {
			browser.click("rotate");
			browser.await(() -> browser.timeline().stream().anyMatch((line) -> line.contains("has a new id")));

			browser.sendName("still here");
			browser.await(() -> browser.greetings().size() == 1);

			assertThat(browser.state()).isEqualTo("Connected.");
		}
	}

	private Browser loggedIn() {
		Browser browser = Browser.at(this.container, PAGE);
		browser.await(() -> browser.find("log-in").isEnabled());
		browser.find("username").sendKeys("ada");
		browser.find("password").sendKeys("correct horse" + Keys.ENTER);
		browser.awaitShown("log-out");
		return browser;
	}

	private static Browser connected(Browser browser) {
		browser.click("connect");
		browser.awaitState("connected");
		return browser;
	}

	private static Object asked(Browser browser) {
		return browser.script("return performance.getEntriesByType('resource').length");
	}

}
