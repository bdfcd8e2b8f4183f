package org.sessionlink.journey;

import java.util.List;
import java.util.Map;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B23: the operators' console in a real browser. Keeps a picture of each state in
 * {@code target/screenshots}.
 */
@OnEveryContainer
@InPhase(Phase.PAGES)
class OperatorPageIT {

	private static final String PAGE = "console";

	private static final String IDLE = "consoleidle";

	private static final String ACCOUNTS = """
			sessionlink.operator.name=olga
			sessionlink.operator.password=correct horse
			sessionlink.observer.name=otto
			sessionlink.observer.password=correct horse
			""";

	private final Container container;

	OperatorPageIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(OperatorPageIT.class, Map.of(PAGE, War.withSettings(ACCOUNTS), IDLE,
				War.withSettings(ACCOUNTS + "sessionlink.session-timeout=6s\nsessionlink.activity=none")));
	}

	@Test
	void anOperatorEndsASessionThePersonsPageSaysWhyAndTheTrailSaysWho() {
		try (Browser person = person(); Browser operator = console(PAGE, "olga")) {
			String link = person.find("link").getText();
			operator.find("q").sendKeys(link.substring(0, 8));
			operator.await(() -> operator.lines("#rows tr").size() == 1);
			assertThat(operator.lines("#rows tr").get(0)).contains("otto", link, "Chrome");

			press(operator, "#rows .open");
			operator.await(() -> operator.lines("#detail-body .destination").contains("/topic/reply"));
			press(operator, "[data-key^='end-link']");
			operator.await(() -> operator.focus().equals("reason"));
			operator.type("seen twice");
			assertThat(operator.find("curl").getAttribute("textContent")).contains("curl -X DELETE",
					"X-CSRF-TOKEN: $TOKEN", "/console/operator/links/" + link + "?reason=seen+twice'");
			operator.type(Keys.ENTER);

			person.awaitState("ended");
			assertThat(person.state()).contains("somebody ended it, you on another device or an operator");
			operator.await(() -> operator.find("detail-body")
				.getText()
				.matches("(?s)This session is over. It ended at .*: by hand, .* That was olga: “seen twice”..*"));
			operator.await(() -> operator.lines("#detail-body .trail li")
				.stream()
				.anyMatch((line) -> line.contains("Session ended by hand: “seen twice”") && line.contains("By olga")));
			press(operator, "#detail-close");
			press(operator, "#tab-trail");
			operator
				.await(() -> operator.lines("#trail-list li").stream().anyMatch((line) -> line.contains("seen twice")));
			// What is refused, or is over, is an answer.
			assertThat(operator.complaints()).allMatch((complaint) -> complaint.contains("Failed to load resource"));
		}
	}

	@Test
	void whatChangesIsSeenWithoutAskingAgain() {
		try (Browser operator = console(PAGE, "olga"); Browser person = person()) {
			String link = person.find("link").getText();
			Object asked = operator.script("return performance.getEntriesByType('resource').length");

			operator.await(() -> operator.lines("#rows tr").stream().anyMatch((line) -> line.contains(link)));
			person.click("end");
			operator.await(() -> operator.lines("#rows tr").stream().noneMatch((line) -> line.contains(link)));

			assertThat(operator.script("return performance.getEntriesByType('resource').length")).isEqualTo(asked);
		}
	}

	@Test
	void theColumnsThatSomebodyHasChosenAreThoseOfTheNextVisit() {
		try (Browser operator = console(PAGE, "olga")) {
			press(operator, "#columns summary");
			press(operator, "#column-browser");
			press(operator, "#column-bytesOut");
			assertThat(operator.lines("#head th")).contains("Bytes out").doesNotContain("Browser");

			operator.leaveFor("#");
			operator.script("location.reload()");
			awaitLive(operator);

			assertThat(operator.lines("#head th")).contains("Bytes out").doesNotContain("Browser");
		}
	}

	@Test
	void anObserverSeesAllAndEndsNothingAlsoNotByHand() {
		try (Browser observer = console(PAGE, "otto")) {
			press(observer, "#rows .open");
			observer.await(() -> !observer.lines("#detail-body .socket").isEmpty());

			assertThat(observer.lines("#detail button")).containsExactly("Close");
			assertThat(observer.find("end-all").isDisplayed()).isFalse();
			assertThat(observer.find("who").getText()).contains("otto", "Read only");
			assertThat(observer.script("""
					return (async () => {
					  const { csrf } = await (await fetch('console.json')).json();
					  const headers = { [csrf.headerName]: csrf.token };
					  const ask = async (method, path) => {
					    const answer = await fetch(path, { method, headers });
					    return `${answer.status} ${(await answer.json()).error}`;
					  };
					  return [await ask('DELETE', 'links?reason=x'), await ask('DELETE', 'user-links?user=otto'),
					    await ask('POST', 'drain')];
					})()""")).asInstanceOf(InstanceOfAssertFactories.LIST).containsOnly("403 operators-only");
		}
	}

	@Test
	void allSessionsEndOnlyForWhoTypesThat() {
		try (Browser operator = console(PAGE, "olga")) {
			press(operator, "#end-all");
			operator.await(() -> operator.focus().equals("reason"));
			operator.type("an incident");
			assertThat(operator.find("ending-go").isEnabled()).isFalse();

			operator.find("typed").sendKeys("End all");
			assertThat(operator.find("ending-go").isEnabled()).isTrue();
			press(operator, "#ending-cancel");

			assertThat(operator.find("ending").isDisplayed()).isFalse();
			assertThat(operator.find("state").getText()).isEqualTo("Live");
		}
	}

	@Test
	void whateverAnAddressSaysAndWhicheverSocketEndsTheSessionsAreThere() {
		try (Browser operator = console(PAGE, "olga")) {
			operator.script("location.hash = '#q=nobody'");
			operator.await(() -> operator.find("empty").isDisplayed());
			operator.back();
			operator.await(() -> !operator.lines("#rows tr").isEmpty());
			operator.script("location.hash = '#sort=colour'");
			operator.await(() -> operator.find("error").getText().startsWith("Sort by one of"));
			operator.await(() -> !operator.lines("#rows tr").isEmpty());
			operator.script("location.hash = '#page=5000'");
			operator.await(() -> operator.find("range").getText().startsWith("1–"));

			operator.await(() -> !operator.lines("#rows .own .open").isEmpty());
			press(operator, "#rows .own .open");
			operator.await(() -> operator.lines("#detail-body .destination").contains("/user/queue/operators"));
			operator.script("window.was = document.querySelector('#detail-body .socket-head span').textContent");
			press(operator, "#detail-body .socket-head button");
			operator.await(() -> operator.focus().equals("reason"));
			operator.type(Keys.ENTER);

			// Its session is there, and so is the next socket of it.
			operator.await(() -> operator.lines("#detail-body .socket-head span").size() == 1
					&& !operator.lines("#detail-body .socket-head span").contains(operator.script("return was")));
			operator.awaitState("connected");
			assertThat(operator.find("board").isDisplayed()).isTrue();
		}
	}

	@Test
	void aConsoleLeftOpenKeepsNoSessionAlive() {
		try (Browser operator = console(IDLE, "olga")) {
			operator.awaitShown("login-section");

			assertThat(operator.find("login-note").getText()).contains("expired, as it was not used for too long");
			assertThat(operator.find("board").isDisplayed()).isFalse();
		}
	}

	@Test
	void nothingKeepsAnybodyFromUsingTheConsoleInAnyStateWidthAndScheme() {
		try (Browser person = person(); Browser operator = atLogin(PAGE)) {
			look(operator, "console-login");
			logIn(operator, "olga");
			press(operator, "#columns summary");
			look(operator, "console");
			press(operator, "#columns summary");

			operator.find("q").sendKeys(person.find("link").getText());
			operator.await(() -> operator.lines("#rows tr").size() == 1);
			press(operator, "#rows .open");
			operator.await(() -> !operator.lines("#detail-body .destination").isEmpty());
			look(operator, "console-session");
			press(operator, "[data-key^='end-link']");
			operator.await(() -> operator.focus().equals("reason"));
			operator.script("document.querySelector('#ending details').open = true");
			look(operator, "console-ending");
			press(operator, "#ending-cancel");
			press(operator, "#detail-close");
			press(operator, "#tab-trail");
			look(operator, "console-trail");
		}
	}

	private void look(Browser browser, String state) {
		for (String scheme : List.of("light", "dark")) {
			for (int width : new int[] { 400, 1280 }) {
				String name = "%s-%d-%s".formatted(state, width, scheme);
				browser.show(width, scheme);
				browser.picture(name);

				assertThat(browser.script("return document.documentElement.scrollWidth")).as(name)
					.isEqualTo((long) width);
				assertThat(browser.script("return [...document.querySelectorAll('dialog[open]')]"
						+ ".filter((dialog) => dialog.scrollWidth > dialog.clientWidth).length"))
					.as(name)
					.isEqualTo(0L);
				assertThat(browser.barriers()).as(name).isEmpty();
			}
		}
	}

	/** Somebody who is logged in and connected at the greeting's page. */
	private Browser person() {
		Browser person = Browser.at(this.container, PAGE);
		person.await(() -> person.find("log-in").isEnabled());
		person.logIn("otto", "correct horse");
		person.click("connect");
		person.awaitState("connected");
		person.awaitShown("facts");
		return person;
	}

	private Browser atLogin(String context) {
		Browser browser = Browser.at(this.container, context);
		browser.leaveFor("operator/");
		browser.awaitShown("login");
		return browser;
	}

	private Browser console(String context, String name) {
		Browser browser = atLogin(context);
		logIn(browser, name);
		return browser;
	}

	private static void logIn(Browser browser, String name) {
		browser.find("username").sendKeys(name);
		browser.find("password").sendKeys("correct horse" + Keys.ENTER);
		awaitLive(browser);
	}

	private static void awaitLive(Browser browser) {
		browser.awaitState("connected");
		browser.await(() -> !browser.lines("#rows tr").isEmpty());
	}

	private static void press(Browser browser, String selector) {
		browser.script("document.querySelector(\"" + selector + "\").click()");
	}

}
