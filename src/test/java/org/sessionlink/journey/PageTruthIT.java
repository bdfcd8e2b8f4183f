package org.sessionlink.journey;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.journey.people.People;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page never lies about the login (B46): what it says and does at a session's end.
 */
@OnEveryContainer
@InPhase(Phase.PAGES)
@Execution(ExecutionMode.CONCURRENT)
class PageTruthIT {

	private static final String SHORT = "pageshort";

	private static final String REQUIRED = "pagerequired";

	private static final String LINK = "return fetch('session').then((answer) => answer.json()).then((view) => view.link)";

	private static final Duration TIMEOUT = Duration.ofSeconds(6);

	private final Container container;

	PageTruthIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		String life = "sessionlink.session-timeout=6s\nsessionlink.expiry-warning=2s";
		SharedContainers.deploy(PageTruthIT.class,
				Map.of(SHORT, War.withSettingsAndClasses(life, People.class.getPackage()), REQUIRED,
						War.withSettingsAndClasses(life + "\nsessionlink.session=require", People.class.getPackage())));
	}

	@Test
	void whereASessionIsRequiredAFreshPageSaysSoAndDoesNotTryAgain() {
		try (Browser browser = Browser.recordedAt(this.container, REQUIRED)) {
			browser.click("connect");
			browser.awaitState("ended");
			browser.outlastTimers();

			assertThat(browser.state()).endsWith("log in first, then connect.");
			assertThat(browser.handshakes()).isEqualTo(1);
			browser.picture("session-required-" + this.container);
		}
	}

	@Test
	void whereASessionIsRequiredALoginIsEnoughUntilItExpires() {
		try (Browser browser = Browser.recordedAt(this.container, REQUIRED)) {
			browser.logIn("ada", People.PASSWORD);
			connect(browser);

			browser.awaitState("ended");
			browser.outlastTimers();

			assertThat(browser.state()).contains("The session has expired");
			assertThat(browser.find("who").getText()).isEqualTo("You are not logged in.");
			assertThat(browser.handshakes()).isEqualTo(1);
		}
	}

	@Test
	void anIdlePageMakesNoRequestThatCounts() {
		try (Browser browser = Browser.recordedAt(this.container, SHORT)) {
			browser.logIn("ada", People.PASSWORD);
			browser.awaitShown("mine");
			long before = System.nanoTime();
			connect(browser);
			browser.find("name").click();

			long connected = System.nanoTime();
			browser.awaitState("ended");
			long ended = System.nanoTime();

			assertThat(browser.state()).contains("The session has expired");
			assertThat(Duration.ofNanos(ended - before)).isGreaterThan(TIMEOUT);
			assertThat(Duration.ofNanos(ended - connected))
				.isLessThan(Standstills.addedTo(TIMEOUT.plusSeconds(3), connected));
			browser.picture("expired-" + this.container);
		}
	}

	@Test
	void whoConnectsAfterTheExpiryIsInASessionOfNobody() {
		try (Browser browser = Browser.recordedAt(this.container, SHORT)) {
			browser.logIn("ada", People.PASSWORD);
			connect(browser);
			Object expired = browser.script(LINK);

			browser.awaitState("ended");
			connect(browser);
			browser.awaitShown("link");

			assertThat(browser.find("who").getText()).isEqualTo("You are not logged in.");
			assertThat(browser.find("link").getText()).isEqualTo(browser.script(LINK)).isNotEqualTo(expired);
			assertThat(browser.find("mine").isDisplayed()).isFalse();
		}
	}

	private static void connect(Browser browser) {
		browser.click("connect");
		browser.awaitState("connected");
	}

}
