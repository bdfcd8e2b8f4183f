package org.sessionlink.journey;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.sessionlink.journey.people.People;

import static org.assertj.core.api.Assertions.assertThat;

/** The page never lies about the login (B46): what it says once its server is back. */
@OnEveryContainer
class PageAfterRestartIT {

	private static final String KEPT = "kept";

	private static final String STATUS = "return fetch('session').then((answer) => answer.status)";

	private static final String LINK = "return fetch('session').then((answer) => answer.json()).then((view) => view.link)";

	private final Container container;

	PageAfterRestartIT(Container container) {
		this.container = container;
	}

	@Test
	void theLoginIsGoneWithASessionThatIsLostAndTheSameWithOneThatIsKept() throws IOException {
		War kept = War.withSettingsAndFile(
				"sessionlink.operator.name=ada\nsessionlink.operator.password=" + People.PASSWORD,
				"META-INF/context.xml", RestartIT.KEEPING);
		try (Container own = Container.startLight(this.container.toString(), Map.of(KEPT, kept))) {
			try (Browser browser = Browser.recordedAt(own, KEPT)) {
				browser.logIn("ada", People.PASSWORD);
				connect(browser);
				browser.sendName("of this session");
				browser.await(() -> !browser.greetings().isEmpty());

				own.kill();
				browser.awaitState("waiting");
				own.start();
				browser.awaitState("ended");
				browser.outlastTimers();

				assertNothingIsLeftOfAda(browser);
				assertThat(browser.state()).contains("The session is gone");
				assertThat(browser.script(STATUS)).isEqualTo(404L);
				browser.picture("login-gone-with-the-server-" + this.container);

				restartInOrder(own, browser);
			}
		}
	}

	private void restartInOrder(Container own, Browser browser) throws IOException {
		browser.logIn("ada", People.PASSWORD);
		connect(browser);
		Object link = browser.script(LINK);

		own.stop();
		browser.awaitState("waiting");
		// Where nobody looks it does not try: there is no chance in how long it waits.
		browser.emptyTab();
		own.start();

		if (this.container.toString().equals("tomcat")) {
			browser.awaitState("connected");
			assertThat(browser.script(LINK)).isEqualTo(link);
			assertThat(browser.find("who").getText()).isEqualTo("You are logged in as ada.");
			browser.picture("the-same-after-a-restart-" + this.container);
		}
		else {
			browser.awaitState("ended");
			assertNothingIsLeftOfAda(browser);
		}
	}

	private static void assertNothingIsLeftOfAda(Browser browser) {
		browser.awaitWho("You are not logged in.");
		assertThat(browser.greetings()).isEmpty();
		assertThat(browser.find("link").isDisplayed()).isFalse();
		assertThat(browser.find("mine").isDisplayed()).isFalse();
	}

	private static void connect(Browser browser) {
		browser.click("connect");
		browser.awaitState("connected");
	}

}
