package org.sessionlink.journey;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/** G6: the page, in a real browser. */
@OnEveryContainer
@InPhase(Phase.PAGES)
class PageIT {

	// Its own, as what is greeted there reaches all who are in it.
	private static final String PAGE = "page";

	private static final String LINK = "return fetch('session').then((answer) => answer.json()).then((view) => view.link)";

	private final Container container;

	PageIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(PageIT.class,
				War.withSettings("sessionlink.operator.name=ada\nsessionlink.operator.password=correct horse"), PAGE);
	}

	@Test
	void aNameSentInOneTabIsGreetedInBoth() {
		try (Browser ada = Browser.at(this.container, PAGE); Browser bob = Browser.at(this.container, PAGE)) {
			ada.click("connect");
			bob.click("connect");
			ada.awaitState("connected");
			bob.awaitState("connected");

			ada.sendName("Ada");
			ada.await(() -> ada.greetings().size() == 1);
			bob.await(() -> bob.greetings().size() == 1);

			assertThat(ada.greetings().get(0)).startsWith("Ada");
			assertThat(bob.greetings().get(0)).startsWith("Ada");
			assertThat(ada.complaints()).isEmpty();
		}
	}

	@Test
	void aHostileNameIsShownAsText() {
		try (Browser browser = connected()) {
			browser.sendName("<img src=x onerror=alert(1)>");
			browser.await(() -> browser.greetings().size() == 1);

			assertThat(browser.greetings().get(0)).startsWith("<img src=x onerror=alert(1)>");
			assertThat(browser.script("return document.querySelectorAll('#greetings img').length")).isEqualTo(0L);
			assertThat(browser.complaints()).isEmpty();
		}
	}

	@Test
	void onlyButtonsThatMakeSenseAreEnabled() {
		try (Browser browser = Browser.at(this.container, PAGE)) {
			browser.await(() -> browser.find("connect").isEnabled());
			assertThat(browser.find("disconnect").isEnabled()).isFalse();
			assertThat(browser.find("end").isEnabled()).isFalse();
			assertThat(browser.find("send").isEnabled()).isFalse();

			browser.click("connect");
			browser.awaitState("connected");

			assertThat(browser.find("connect").isEnabled()).isFalse();
			assertThat(browser.find("disconnect").isEnabled()).isTrue();
			browser.await(() -> browser.find("end").isEnabled());
			assertThat(browser.find("send").isEnabled()).isTrue();
		}
	}

	@Test
	void afterDisconnectNothingArrivesUntilConnectedAgain() {
		try (Browser browser = connected(); Browser other = connected()) {
			browser.click("disconnect");
			browser.awaitState("disconnected");
			other.sendName("unheard");
			other.await(() -> other.greetings().size() == 1);

			browser.click("connect");
			browser.awaitState("connected");
			other.sendName("heard");
			browser.await(() -> !browser.greetings().isEmpty());

			assertThat(browser.greetings()).singleElement().asString().startsWith("heard");
		}
	}

	@Test
	void aNameThatIsRefusedIsExplainedAndNotLost() {
		try (Browser browser = connected()) {
			browser.sendName("   ");
			browser.await(() -> !browser.find("error").getText().isEmpty());

			assertThat(browser.find("error").getText()).contains("The name is blank");
			assertThat(browser.find("name").getAttribute("value")).isEqualTo("   ");
			assertThat(browser.greetings()).isEmpty();
		}
	}

	@Test
	void everythingWorksByKeyboardAlone() {
		try (Browser browser = Browser.at(this.container, PAGE)) {
			browser.await(() -> browser.find("connect").isEnabled());
			tabTo(browser, "connect");
			browser.type(Keys.ENTER);
			browser.awaitState("connected");
			assertThat(browser.focus()).isEqualTo("name");

			browser.type("Keys" + Keys.ENTER);
			browser.await(() -> browser.greetings().size() == 1);
			tabTo(browser, "username");
			browser.type("ada" + Keys.TAB + "correct horse" + Keys.ENTER);
			browser.awaitShown("log-out");
			assertThat(browser.focus()).isEqualTo("log-out");
			browser.awaitShown("mine");
			tabTo(browser, "show-frames");
			browser.type(Keys.SPACE);
			assertThat(browser.timeline()).isNotEmpty().noneMatch((line) -> line.contains("Sent CONNECT"));

			browser.find("name").sendKeys("");
			tabTo(browser, "end");
			browser.type(Keys.ENTER);
			browser.awaitState("ended");
			assertThat(browser.focus()).isEqualTo("connect");
			browser.type(Keys.ENTER);
			browser.awaitState("connected");
		}
	}

	@ParameterizedTest
	@CsvSource({ "1280, light", "1280, dark", "390, light", "390, dark" })
	void thePageFitsTheScreenAndFollowsTheSystemsColours(int width, String scheme) {
		try (Browser browser = connected()) {
			browser.show(width, scheme);
			browser.sendName("W".repeat(100));
			browser.await(() -> browser.greetings().size() == 1);

			assertThat((Long) browser.script("return document.documentElement.scrollWidth")).isEqualTo(width);
			assertThat(browser.script("return document.documentElement.dataset.bsTheme")).isEqualTo(scheme);
			assertThat(browser.complaints()).isEmpty();
		}
	}

	@Test
	void withoutScriptsThePageSaysWhatIsMissing() {
		try (Browser browser = Browser.withoutScripts(this.container, PAGE)) {
			assertThat(browser.text()).contains("This page needs JavaScript");
		}
	}

	@Test
	void aLoginLeavesTheConnectionOpenAndALogoutEndsItInWords() {
		try (Browser browser = connected()) {
			Object link = browser.script(LINK);
			browser.find("username").sendKeys("ada");
			browser.find("password").sendKeys("correct horse" + Keys.ENTER);
			browser.await(() -> browser.find("who").getText().equals("You are logged in as ada."));
			browser.sendName("still here");
			browser.await(() -> browser.greetings().size() == 1);
			assertThat(browser.state()).isEqualTo("Connected.");
			assertThat(browser.script(LINK)).isEqualTo(link);
			assertThat(browser.find("login").isDisplayed()).isFalse();
			assertThat(browser.complaints()).isEmpty();

			browser.click("log-out");
			browser.awaitState("ended");

			assertThat(browser.state()).contains("The session has ended: somebody logged out");
			browser.await(() -> browser.find("who").getText().equals("You are not logged in."));
			assertThat(browser.find("login").isDisplayed()).isTrue();
		}
	}

	@Test
	void aPageThatIsLoadedAgainKnowsWhoIsLoggedInAndAnotherTabHearsOfTheLogout() {
		try (Browser one = connected()) {
			one.find("username").sendKeys("ada");
			one.find("password").sendKeys("correct horse" + Keys.ENTER);
			one.awaitShown("log-out");
			assertThat(one.focus()).isEqualTo("log-out");
			Browser two = connected(one.tab());
			two.await(() -> two.find("who").getText().equals("You are logged in as ada."));

			one.type(Keys.ENTER);

			two.awaitState("ended");
			two.await(() -> two.find("who").getText().equals("You are not logged in."));
			assertThat(one.focus()).isEqualTo("username");
		}
	}

	@Test
	void aLoginThatIsRefusedIsExplained() {
		try (Browser browser = Browser.at(this.container, PAGE)) {
			browser.show(390, "dark");
			browser.find("username").sendKeys("ada");
			browser.find("password").sendKeys("guess");
			browser.click("log-in");
			browser.await(() -> !browser.find("account-error").getText().isEmpty());

			assertThat(browser.find("account-error").getText()).isEqualTo("Name and password do not fit: try again.");
			assertThat(browser.find("username").getAttribute("value")).isEqualTo("ada");
			assertThat(browser.find("password").getAttribute("value")).isEmpty();
			assertThat(browser.focus()).isEqualTo("password");
			assertThat((Long) browser.script("return document.documentElement.scrollWidth")).isEqualTo(390);
		}
	}

	private static void tabTo(Browser browser, String id) {
		for (int tabs = 0; !id.equals(browser.focus()); tabs++) {
			assertThat(tabs).as("presses of Tab to " + id).isLessThan(20);
			browser.type(Keys.TAB);
		}
	}

	private Browser connected() {
		return connected(Browser.at(this.container, PAGE));
	}

	private static Browser connected(Browser browser) {
		browser.click("connect");
		browser.awaitState("connected");
		return browser;
	}

}
