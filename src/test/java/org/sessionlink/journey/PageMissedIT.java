package org.sessionlink.journey;

import java.net.URI;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B31: the page in a real browser, whose connection is cut while others greet. */
@OnEveryContainer
@InPhase(Phase.PAGES)
class PageMissedIT {

	private static final String APPLICATION = "pagemissed";

	private final Container container;

	PageMissedIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(PageMissedIT.class, War.withSettings("sessionlink.destinations.keep=/topic/* count=3"),
				APPLICATION);
	}

	@Test
	void aPageThatIsCutOffShowsWhatItHasMissedAndSaysWhatItCannot() {
		try (Cable cable = Cable.plain(this.container.port());
				Browser browser = Browser
					.at(URI.create("http://127.0.0.1:" + cable.port() + "/" + APPLICATION + "/"))) {
			browser.click("connect");
			browser.awaitState("connected");
			Socket others = new Visitor(this.container, APPLICATION).connect();
			greet(others, 1, 2);
			browser.await(() -> browser.greetings().size() == 2);

			cutOff(cable, browser, () -> greet(others, 3, 5));
			browser.await(() -> browser.greetings().size() == 5);
			browser.await(() -> browser.timeline().toString().contains("The 3 greetings that were missed have come."));
			String before = browser.timeline().toString();
			cutOff(cable, browser, () -> greet(others, 6, 9));
			browser.await(() -> browser.timeline().toString().contains("Greetings were missed"));
			greet(others, 10, 10);
			browser.await(() -> browser.greetings().size() == 6);

			assertThat(before).doesNotContain("Greetings were missed");
			assertThat(browser.script(
					"return [...document.querySelectorAll('#greetings span')].map((one) => one.textContent).join()"))
				.isEqualTo("10,5,4,3,2,1");
			assertThat(browser.find("error").getText()).isEmpty();
			browser.picture("missed-" + this.container);
		}
	}

	private static void cutOff(Cable cable, Browser browser, Runnable meanwhile) {
		cable.cut();
		browser.awaitState("waiting");
		meanwhile.run();
		cable.mend();
		browser.awaitState("connected");
	}

	private static void greet(Socket others, int from, int to) {
		IntStream.rangeClosed(from, to)
			.forEach((i) -> others.send("SEND\ndestination:/app/message\nreceipt:r\n\n{\"name\": \"" + i + "\"}\0")
				.await("RECEIPT"));
	}

}
