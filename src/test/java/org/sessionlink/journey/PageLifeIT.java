package org.sessionlink.journey;

import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/** G6: the page in a real browser, as its session comes to an end. */
@OnEveryContainer
@InPhase(Phase.PAGES)
@Execution(ExecutionMode.CONCURRENT)
class PageLifeIT {

	// Its own, as what is greeted there reaches all who are in it.
	private static final String PAGE = "pageend";

	private static final String LIFE = "pagelife";

	private static final String LINK = "return fetch('session').then((answer) => answer.json()).then((view) => view.link)";

	private final Container container;

	PageLifeIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		// Where frames do not count as activity, only Stay takes a warning back.
		War life = War.withSettings("""
				sessionlink.session-timeout=20s
				sessionlink.expiry-warning=10s
				sessionlink.activity=none
				""");
		SharedContainers.deploy(PageLifeIT.class, Map.of(PAGE, War.underTest(), LIFE, life));
	}

	@Test
	void bothTabsWarnAlikeBeforeTheSessionEndsAndStayInOneWithoutAConnectionTakesItBackInBoth() {
		try (Browser one = connected(LIFE); Browser two = one.tab()) {
			one.awaitShown("expiring");
			two.awaitShown("expiring");
			two.await(() -> one.find("expiring-words").getText().equals(two.find("expiring-words").getText()));
			// In one go, as time runs.
			Object words = two.script("""
					const words = document.getElementById('expiring').innerText;
					document.getElementById('stay').focus();
					document.getElementById('stay').click();
					return words;
					""");
			two.awaitHidden("expiring");
			one.awaitHidden("expiring");

			assertThat(words).asString()
				.containsPattern("This session ends at .* unless you stay\\. ([1-9]|10) s left\\.");
			assertThat(one.state()).isEqualTo("Connected.");
			assertThat(two.state()).isEqualTo("Not connected.");
			assertThat(two.focus()).isEqualTo("name");
		}
	}

	@Test
	void anUnusedSessionExpiresInWordsAndThePageDoesNotConnectAgain() {
		try (Browser browser = connected(LIFE)) {
			browser.awaitState("ended");
			browser.outlastTimers();

			assertThat(browser.state()).contains("The session has expired");
			assertThat(browser.find("expiring").isDisplayed()).isFalse();
			assertThat(browser.find("error").getText()).isEmpty();
			assertThat(browser.complaints()).isEmpty();
		}
	}

	@Test
	void endSessionInOneTabEndsBothInWordsAndNeitherConnectsAgain() {
		try (Browser one = connected(); Browser two = connected(one.tab())) {
			one.click("end");
			one.awaitState("ended");
			two.awaitState("ended");
			one.outlastTimers();
			two.outlastTimers();

			assertThat(one.state()).contains("The session has ended: somebody logged out");
			assertThat(two.state()).isEqualTo(one.state());
			assertThat(one.focus()).isEqualTo("connect");
			assertThat(one.find("error").getText()).isEmpty();
			assertThat(two.find("error").getText()).isEmpty();
		}
	}

	@Test
	void afterTheEndConnectStartsANewSessionAndGreets() {
		try (Browser browser = connected()) {
			Object ended = browser.script(LINK);
			browser.click("end");
			browser.awaitState("ended");

			browser.click("connect");
			browser.awaitState("connected");
			browser.sendName("again");
			browser.await(() -> browser.greetings().size() == 1);

			assertThat(browser.greetings().get(0)).startsWith("again");
			assertThat(browser.script(LINK)).isNotNull().isNotEqualTo(ended);
		}
	}

	@Test
	void anEndThatFailsIsExplained() {
		try (Browser browser = connected()) {
			browser.await(() -> browser.lines("#sockets li").size() == 1);
			browser.atOnce(() -> {
				browser.forgetCookies();
				browser.click("end");
			});
			browser.await(() -> !browser.find("session-error").getText().isEmpty());

			assertThat(browser.find("session-error").getText())
				.isEqualTo("The session was not ended: the server answered with status 404.");
			assertThat(browser.state()).isEqualTo("Connected.");
		}
	}

	private Browser connected() {
		return connected(PAGE);
	}

	private Browser connected(String context) {
		return connected(Browser.at(this.container, context));
	}

	private static Browser connected(Browser browser) {
		browser.click("connect");
		browser.awaitState("connected");
		return browser;
	}

}
