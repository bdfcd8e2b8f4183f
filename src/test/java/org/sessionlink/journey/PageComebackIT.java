package org.sessionlink.journey;

import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the page comes back by itself (B8, B12, B16): each test makes its connection hear
 * from a server what that would say.
 */
@OnEveryContainer
@InPhase(Phase.PAGES)
class PageComebackIT {

	// Its own, as what is greeted there reaches all who are in it.
	private static final String APPLICATION = "comeback";

	// As text of a frame, as a template literal of JavaScript has it.
	private static final String RENEWED_ERROR = "ERROR\\nmessage:session-renewed\\nretry-after:0\\n\\nCome back at once.\\0";

	private final Container container;

	PageComebackIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(PageComebackIT.class,
				War.withSettings("sessionlink.operator.name=ada\nsessionlink.operator.password=correct horse"),
				APPLICATION);
	}

	@Test
	void aRenewedSessionBringsThePageBackAtOnceAndUnnoticed() {
		try (Browser browser = connected()) {
			watchWhatIsShown(browser);

			renew(browser);
			browser.sendName("welcome back");
			browser.await(() -> browser.greetings().size() == 1);

			assertThat(browser.greetings().get(0)).startsWith("welcome back");
			assertThat(browser.script("return window.shown")).isEqualTo(List.of());
			assertThat(browser.state()).isEqualTo("Connected.");
			assertThat((Long) browser.script("return window.sockets[1].openedAt - window.renewedAt")).isLessThan(800);
			assertThat(sent(browser, "SUBSCRIBE")).filteredOn((frame) -> frame.contains("/user/queue/session"))
				.hasSize(2);
		}
	}

	@Test
	void whatIsSentWhileTheSessionIsRenewedArrives() {
		try (Browser browser = connected()) {
			browser.find("name").sendKeys("meanwhile");

			browser.script("window.renew(); document.getElementById('form').requestSubmit()");
			browser.await(() -> browser.greetings().size() == 1);

			assertThat(browser.greetings().get(0)).startsWith("meanwhile");
			assertThat(browser.find("error").getText()).isEmpty();
		}
	}

	@Test
	void aNameThatCouldNotBeSentAfterAllIsComplainedOf() {
		try (Browser browser = connected()) {
			browser.find("name").sendKeys("meanwhile");

			browser.script("window.refused = true; window.renew(); document.getElementById('form').requestSubmit()");
			browser.awaitState("waiting");

			assertThat(browser.find("error").getText()).isEqualTo("There is no connection: the name was not sent.");
		}
	}

	@Test
	void aPageThatIsNotBackInAMomentSaysSo() {
		try (Browser browser = connected()) {
			browser.script("window.silent = true");

			renew(browser);
			browser.awaitState("connecting");

			// And not only as it tries once more.
			assertThat(browser.script("return window.sockets.length")).isEqualTo(2L);
		}
	}

	@Test
	void aPageWhoseSessionIsGoneDoesNotComeBackToAnother() {
		try (Browser browser = connected()) {
			browser.forgetCookies();

			renew(browser);
			browser.awaitState("ended");

			assertThat(browser.script("return window.sockets.length")).isEqualTo(1L);
			assertThat(browser.state()).contains("Connect to start anew");
		}
	}

	@Test
	void whoDisconnectsWhileTheSessionIsRenewedStaysDisconnected() {
		try (Browser browser = connected()) {
			browser.script("window.renew(); document.getElementById('disconnect').click()");
			browser.outlastTimers();

			assertThat(browser.state()).isEqualTo("Not connected.");
			assertThat(browser.script("return window.sockets.length")).isEqualTo(1L);
		}
	}

	@Test
	void aLoginInOneTabIsShownInAnotherWhoseConnectionIsRenewed() {
		try (Browser one = connected()) {
			Browser two = recorded(one.tab());
			two.click("connect");
			two.awaitState("connected");
			one.find("username").sendKeys("ada");
			one.find("password").sendKeys("correct horse\n");
			one.awaitShown("log-out");

			renew(two);

			two.await(() -> two.find("who").getText().equals("You are logged in as ada."));
			assertThat(two.state()).isEqualTo("Connected.");
		}
	}

	@Test
	void aPageThatComesBackByItselfSaysSoAndAPersonWhoConnectsDoesNot() {
		try (Browser browser = connected()) {
			browser.script("window.hangUp(1001, 'server-restart')");
			browser.await(() -> sent(browser, "CONNECT").size() == 2);
			browser.awaitState("connected");
			renew(browser);
			browser.await(() -> sent(browser, "CONNECT").size() == 3);
			browser.click("disconnect");
			browser.click("connect");
			browser.awaitState("connected");

			assertThat(sent(browser, "CONNECT")).extracting((frame) -> frame.contains("\nreconnect:true\n"))
				.containsExactly(false, true, true, false);
		}
	}

	@Test
	void aPageThatIsLetGoComesBackNotBeforeTheServerHasSaidAndToItsSession() {
		Visitor operator = new Visitor(this.container, APPLICATION);
		operator.login("ada", "correct horse");
		try (Browser browser = connected()) {
			browser.script("""
					const { link } = await (await fetch('session')).json();
					window.link = link;
					window.sockets[0].addEventListener('message', async ({ data }) => {
					  const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
					  const told = text.match(/\\nretry-after:(\\d+)\\n/);
					  if (told) {
					    window.told = { at: Date.now(), seconds: Number(told[1]) };
					  }
					});
					""");

			operator.change("POST", "/operator/drain");
			browser.awaitState("waiting");
			String words = browser.state();
			operator.change("DELETE", "/operator/drain");
			browser.awaitState("connected");

			assertThat(words).contains("The server restarts.").contains("Trying again in");
			assertThat(browser.script("""
					const { at, seconds } = window.told;
					return seconds >= 1 && window.sockets[1].openedAt - at >= seconds * 1000;
					""")).isEqualTo(true);
			assertThat(browser.script("return (await (await fetch('session')).json()).link === window.link"))
				.isEqualTo(true);
		}
	}

	@Test
	void whoClicksConnectWhileThePageWaitsIsAPerson() {
		try (Browser browser = connected()) {
			// In one step, as it does not wait for long.
			Object state = browser.script("""
					window.hangUp(1001, 'server-restart');
					const { state } = document.getElementById('state').dataset;
					document.getElementById('connect').click();
					return state;
					""");
			browser.awaitState("connected");

			assertThat(state).isEqualTo("waiting");
			assertThat(sent(browser, "CONNECT")).noneMatch((frame) -> frame.contains("reconnect:"));
		}
	}

	private Browser connected() {
		Browser browser = recorded(Browser.at(this.container, APPLICATION));
		browser.click("connect");
		browser.awaitState("connected");
		return browser;
	}

	/** Keeps each socket and each frame that the page sends, and plays the server. */
	private static Browser recorded(Browser browser) {
		browser.script("""
				window.sockets = [];
				window.sent = [];
				window.WebSocket = class extends WebSocket {
				  constructor(url, protocols) {
				    super(window.refused ? url.replace('greeting', 'absent') : url, protocols);
				    this.openedAt = Date.now();
				    window.sockets.push(this);
				  }
				  send(data) {
				    window.sent.push(typeof data === 'string' ? data : new TextDecoder().decode(data));
				    if (!window.silent) {
				      super.send(data);
				    }
				  }
				};
				window.hangUp = (code, reason) =>
				  window.sockets.at(-1).onclose(new CloseEvent('close', { code, reason, wasClean: true }));
				window.renew = () => {
				  window.renewedAt = Date.now();
				  window.sockets.at(-1).onmessage({ data: `%s` });
				  window.hangUp(1013, 'session-renewed');
				};
				""".formatted(RENEWED_ERROR));
		return browser;
	}

	private static void renew(Browser browser) {
		browser.script("window.renew()");
	}

	/** Keeps each state and each error that the page shows from now on. */
	private static void watchWhatIsShown(Browser browser) {
		browser.script("""
				window.shown = [];
				for (const id of ['state', 'error', 'expiring-words']) {
				  const element = document.getElementById(id);
				  new MutationObserver(() => window.shown.push(element.textContent))
				    .observe(element, { childList: true, attributes: true, characterData: true, subtree: true });
				}
				""");
	}

	private static List<String> sent(Browser browser, String command) {
		return ((List<?>) browser.script("return window.sent")).stream()
			.map(String.class::cast)
			.filter((frame) -> frame.startsWith(command + "\n"))
			.toList();
	}

}
