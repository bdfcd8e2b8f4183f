package org.sessionlink.journey;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.journey.people.People;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page while nobody sees it or it sees nobody: asleep, left, hidden, offline (B47).
 */
@OnEveryContainer
@InPhase(Phase.PAGES)
@Execution(ExecutionMode.CONCURRENT)
class PageSleepIT {

	private static final String LONG = "pagetabs";

	private static final String SHORT = "pageshort";

	private static final String STATUS = "return fetch('session').then((answer) => answer.status)";

	private static final String LINK = "return fetch('session').then((answer) => answer.json()).then((view) => view.link)";

	private static final String LOG_OUT = """
			const { headerName, token } = await (await fetch('csrf')).json();
			const answer = await fetch('logout', { method: 'POST', headers: { [headerName]: token } });
			return answer.ok;
			""";

	private final Container container;

	PageSleepIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(PageSleepIT.class,
				Map.of(LONG, War.withSettingsAndClasses("", People.class.getPackage()), SHORT,
						War.withSettingsAndClasses("sessionlink.session-timeout=6s\nsessionlink.expiry-warning=2s",
								People.class.getPackage())));
	}

	/**
	 * Whether it hears, as it wakes, what came while it slept, or its connection is gone
	 * without a word.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whoSleepsOverTheExpiryIsToldOfItAndNotConnectedToAnother(boolean hears) {
		try (Browser browser = connected(SHORT)) {
			browser.script("window.deaf = " + !hears);
			browser.freeze();
			Browser awake = browser.tabAt("session");
			awake.await(() -> awake.script(STATUS).equals(404L));

			browser.thaw();
			browser.awaitState("ended");

			assertThat(browser.state()).contains("The session has expired");
			assertNothingIsLeftOfAda(browser);
			assertThat(browser.handshakes()).isEqualTo(1);
			assertThat(awake.script(STATUS)).isEqualTo(404L);
			browser.picture("asleep-over-the-expiry-" + this.container);
		}
	}

	@Test
	void whoSleepsUntilTheConnectionIsLostIsConnectedAgainUnderTheSameSession() {
		try (Browser browser = connected(LONG)) {
			Object link = browser.script(LINK);
			// Of the clock's minute the timers know nothing.
			browser.script("""
					window.deaf = true;
					const now = Date.now;
					document.addEventListener('freeze', () => { Date.now = () => now() + 60_000; });
					document.addEventListener('resume', () => { window.deaf = false; });
					""");

			browser.freeze();
			browser.thaw();
			browser.await(() -> browser.handshakes() == 2);
			browser.awaitState("connected");

			assertThat(browser.script(LINK)).isEqualTo(link);
			assertThat(browser.find("who").getText()).isEqualTo("You are logged in as ada.");
		}
	}

	@Test
	void whoComesBackByTheBackButtonIsConnectedAgainUnderTheSameSession() {
		try (Browser browser = connected(LONG)) {
			Object link = browser.script(LINK);

			browser.leaveFor("session");
			browser.back();
			browser.awaitState("connected");
			browser.sendName("back");
			browser.await(() -> browser.greetings().stream().anyMatch((greeting) -> greeting.contains("back")));

			assertThat(browser.script(LINK)).isEqualTo(link);
			assertThat(browser.find("who").getText()).isEqualTo("You are logged in as ada.");
			assertThat(browser.script("return window.happened.findLast(({ type }) => type === 'pageshow').persisted"))
				.isEqualTo(true);
		}
	}

	@Test
	void whoComesBackToAPageOfAnEndedSessionIsToldSoAndSeesNothingOfIt() {
		try (Browser browser = connected(LONG)) {
			browser.sendName("of this session");
			browser.await(() -> !browser.greetings().isEmpty());

			browser.leaveFor("session");
			assertThat(browser.script(LOG_OUT)).isEqualTo(true);
			browser.back();
			browser.awaitState("ended");

			assertThat(browser.state()).contains("somebody logged out");
			assertNothingIsLeftOfAda(browser);
			assertThat(browser.greetings()).isEmpty();
			assertThat(browser.script(STATUS)).isEqualTo(404L);
			browser.picture("back-to-an-ended-session-" + this.container);
		}
	}

	@Test
	void whoIsOfflineDoesNotTryAndTriesAtOnceWhenOnline() {
		try (Browser browser = connected(LONG)) {
			Object link = browser.script(LINK);

			browser.network(false);
			browser.await(() -> browser.state().contains("offline"));
			browser.script("window.lastSocket.close()");
			browser.outlastTimers();
			int triedOffline = browser.handshakes();
			String who = browser.find("who").getText();
			browser.picture("offline-" + this.container);
			browser.network(true);
			browser.await(() -> browser.handshakes() == 2);
			browser.awaitState("connected");

			assertThat(triedOffline).isEqualTo(1);
			assertThat(who).isEqualTo("You were logged in as ada.");
			browser.awaitWho("You are logged in as ada.");
			assertThat(pause(browser, "online")).isLessThan(2_000);
			assertThat(browser.script(LINK)).isEqualTo(link);
		}
	}

	@Test
	void anAnswerFromBeforeTheNetworkWentSaysNothingOfNow() {
		try (Browser browser = connected(LONG)) {
			browser.script("""
					const { fetch } = window;
					window.fetch = async (url, options) => {
					  const answer = await fetch(url, options);
					  if (url === 'session/mine') {
					    await new Promise((done) => { window.letGo = done; });
					  }
					  return answer;
					};
					document.dispatchEvent(new Event('visibilitychange'));
					""");
			browser.await(() -> (Boolean) browser.script("return window.letGo !== undefined"));

			browser.network(false);
			browser.awaitState("waiting");
			browser.script("window.letGo()");
			browser.outlastTimers();

			assertThat(browser.find("who").getText()).isEqualTo("You were logged in as ada.");
		}
	}

	@Test
	void aHiddenTabDoesNotTryAndTriesAtOnceWhenSeen() {
		try (Browser browser = connected(LONG)) {
			browser
				.script("""
						document.addEventListener('visibilitychange', () => window.hangUp(1001, 'server-restart'), { once: true });
						""");

			browser.emptyTab().outlastTimers();
			browser.await(() -> browser.handshakes() == 2);
			browser.awaitState("connected");

			assertThat(browser.script("return window.handshakes.map(({ visible }) => visible)"))
				.isEqualTo(List.of(true, true));
			assertThat(pause(browser, "visibilitychange")).isLessThan(2_000);
		}
	}

	/** Returns the milliseconds from the last event of a type to the last handshake. */
	private static long pause(Browser browser, String type) {
		return (Long) browser.script("""
				return window.handshakes.at(-1).at - window.happened.findLast((event) => event.type === '%s').at;
				""".formatted(type));
	}

	private static void assertNothingIsLeftOfAda(Browser browser) {
		browser.awaitWho("You are not logged in.");
		assertThat(browser.find("link").isDisplayed()).isFalse();
		assertThat(browser.find("expiring").isDisplayed()).isFalse();
		assertThat(browser.find("mine").isDisplayed()).isFalse();
	}

	private Browser connected(String context) {
		Browser browser = Browser.recordedWholeAt(this.container, context);
		browser.logIn("ada", People.PASSWORD);
		browser.click("connect");
		browser.awaitState("connected");
		return browser;
	}

}
