package org.sessionlink.journey;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/** G6: the page in a real browser, as its server comes to an end. */
@OnEveryContainer
class PageRestartIT {

	private final Container container;

	PageRestartIT(Container container) {
		this.container = container;
	}

	@Test
	void aServerThatIsKilledIsMissedInWordsAndItsSessionsAreGoneAsItIsBack() throws IOException {
		try (Container fragile = Container.startLight(this.container.toString());
				Browser browser = Browser.at(fragile)) {
			browser.click("connect");
			browser.awaitState("connected");
			browser.find("name").sendKeys("still here");

			browser.await(() -> browser.lines("#sockets li").size() == 1);
			fragile.kill();
			browser.awaitState("waiting");
			assertThat(browser.lines("#sockets li")).isEmpty();
			assertThat(browser.find("left").isDisplayed()).isFalse();
			String words = browser.state();
			assertThat(browser.find("session-note").getText()).startsWith("As last known");
			fragile.start();
			browser.awaitState("ended");
			String end = browser.state();
			browser.click("connect");
			browser.awaitState("connected");
			assertThat(browser.focus()).isEqualTo("name");
			browser.type(Keys.ENTER);
			browser.await(() -> browser.greetings().size() == 1);

			assertThat(words).contains("The server cannot be reached.").contains("Trying again in");
			assertThat(end).contains("The session is gone").contains("Connect to start anew");
			assertThat(browser.greetings().get(0)).startsWith("still here");
		}
	}

}
