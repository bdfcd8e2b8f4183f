package org.sessionlink.journey;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.journey.people.People;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in several tabs of one browser, which never say different things (B15, B46).
 */
@OnEveryContainer
@InPhase(Phase.PAGES)
@Execution(ExecutionMode.CONCURRENT)
class PageTabsIT {

	private static final String TABS = "pagetabs";

	private static final String COUNTING = "pagecounting";

	/** Each pair of name and fingerprint that the page has ever shown. */
	private static final String WATCH_PAIRS = """
			window.pairs = [];
			const text = (id) => document.getElementById(id).textContent;
			const keep = () => window.pairs.push(text('who') + ' ' + text('link'));
			new MutationObserver(keep)
			  .observe(document.body, { childList: true, characterData: true, subtree: true });
			""";

	private static final String LOG_IN_AS_BOB = """
			const { headerName, token } = await (await fetch('csrf')).json();
			const answer = await fetch('login', {
			  method: 'POST', headers: { [headerName]: token, 'Content-Type': 'application/json' },
			  body: JSON.stringify({ username: 'bob', password: 'correct horse' }),
			});
			return answer.status;
			""";

	private final Container container;

	PageTabsIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		War tabs = War.withSettingsAndClasses("", People.class.getPackage());
		// Where frames do not count as activity, only Stay takes a warning back.
		War counting = War.withSettings("""
				sessionlink.session-timeout=40s
				sessionlink.expiry-warning=30s
				sessionlink.activity=none
				""");
		SharedContainers.deploy(PageTabsIT.class, Map.of(TABS, tabs, COUNTING, counting));
	}

	@Test
	void allTabsCountToTheSameSecondAlsoOneThatNeverConnectedAndStayInOneTakesItBackInAll() {
		try (Browser one = Browser.at(this.container, COUNTING)) {
			connect(one);
			Browser two = one.tab();
			connect(two);
			Browser idle = one.tab();
			List<Browser> all = List.of(one, two, idle);
			all.forEach((tab) -> tab.awaitShown("expiring"));
			// Each knows its own deadline first, and the earliest is that of all.
			one.await(() -> words(all).distinct().count() == 1 && words(all).noneMatch(String::isEmpty));

			String words = one.find("expiring-words").getText();
			assertThat(words).containsPattern("ends at \\d+:\\d+:\\d+");
			assertThat(words(all)).containsOnly(words);
			assertThat(idle.find("state").getAttribute("data-state")).isEqualTo("disconnected");

			two.click("stay");
			all.forEach((tab) -> tab.awaitHidden("expiring"));

			idle.picture("stayed-in-another-tab-" + this.container);
		}
	}

	@Test
	void aLogoutInOneTabIsSaidInTheOtherWhichStaysDownWithNothingOfTheSessionLeft() {
		try (Browser one = Browser.recordedAt(this.container, TABS)) {
			one.logIn("ada", People.PASSWORD);
			connect(one);
			Browser two = one.recordedTab();
			connect(two);
			two.sendName("of this session");
			two.await(() -> two.greetings().stream().anyMatch((greeting) -> greeting.contains("of this session")));

			one.click("log-out");
			two.awaitState("ended");
			two.awaitWho("You are not logged in.");
			two.outlastTimers();

			assertThat(two.state()).contains("somebody logged out");
			assertThat(two.greetings()).isEmpty();
			assertThat(two.find("link").isDisplayed()).isFalse();
			assertThat(two.handshakes()).isEqualTo(1);
			assertThat(one.handshakes()).isEqualTo(1);
			assertThat(status(two, "session")).isEqualTo(404);
			two.picture("logged-out-in-another-tab-" + this.container);
		}
	}

	@Test
	void anotherPersonInAnotherTabIsNeverShownWithTheSessionOfTheOneBefore() {
		try (Browser one = Browser.at(this.container, TABS)) {
			one.logIn("ada", People.PASSWORD);
			connect(one);
			one.awaitShown("link");
			String link = one.find("link").getText();
			one.script(WATCH_PAIRS);
			Browser two = one.tab();

			two.awaitShown("log-out");
			two.click("log-out");
			two.awaitWho("You are not logged in.");
			two.logIn("bob", People.PASSWORD);
			two.awaitShown("link");
			String other = two.find("link").getText();
			one.awaitState("ended");
			one.awaitWho("You are logged in as bob.");
			one.await(() -> one.find("link").getText().equals(other));

			assertThat(link).isNotEqualTo(other);
			assertThat(pairs(one)).noneMatch((pair) -> pair.contains("as ada.") && pair.contains(other))
				.noneMatch((pair) -> pair.contains("as bob.") && pair.contains(link));
			one.picture("another-person-in-another-tab-" + this.container);
		}
	}

	@Test
	void aLoginOverAnotherIsSaidToWhoLooksAtATabFromBefore() {
		try (Browser one = Browser.at(this.container, TABS)) {
			one.logIn("ada", People.PASSWORD);
			connect(one);
			Browser two = one.tabAt("session");

			assertThat(two.script(LOG_IN_AS_BOB)).isEqualTo(200L);

			one.awaitWho("You are logged in as bob.");
			assertThat(one.state()).isEqualTo("Connected.");
		}
	}

	private static Stream<String> words(List<Browser> tabs) {
		return tabs.stream().map((tab) -> tab.find("expiring-words").getText());
	}

	private static List<String> pairs(Browser browser) {
		return ((List<?>) browser.script("return window.pairs")).stream().map(String.class::cast).toList();
	}

	private static long status(Browser browser, String path) {
		return (Long) browser.script("return fetch('" + path + "').then((answer) => answer.status)");
	}

	private static void connect(Browser browser) {
		browser.click("connect");
		browser.awaitState("connected");
	}

}
