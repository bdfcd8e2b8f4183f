package org.sessionlink.journey;

import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page can be read by everyone, at all widths, light and dark. Keeps a picture of
 * each in {@code target/screenshots}.
 */
@OnEveryContainer
@InPhase(Phase.PAGES)
class PageLooksIT {

	// Its own, as what is greeted there reaches all who are in it.
	private static final String PAGE = "pagelooks";

	private final Container container;

	PageLooksIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(PageLooksIT.class, War.withSettings("""
				sessionlink.operator.name=ada
				sessionlink.operator.password=correct horse
				"""), PAGE);
	}

	@Test
	void nothingKeepsAnybodyFromUsingThePageInAnyStateWidthAndScheme() {
		try (Browser browser = Browser.at(this.container, PAGE)) {
			browser.await(() -> browser.find("who").getText().equals("You are not logged in."));
			look(browser, "fresh");

			use(browser);
			look(browser, "connected");

			browser
				.script("""
						const channel = new BroadcastChannel('session-link');
						const deadline = Date.now() + 55_000;
						channel.postMessage({ link: document.getElementById('link').textContent, deadline, expiring: true });
						""");
			browser.awaitShown("expiring");
			look(browser, "expiring");

			browser.click("end");
			browser.awaitState("ended");
			browser.await(() -> browser.find("who").getText().equals("You are not logged in."));
			look(browser, "ended");
		}
	}

	private static void use(Browser browser) {
		browser.find("username").sendKeys("ada");
		browser.find("password").sendKeys("correct horse" + Keys.ENTER);
		browser.awaitShown("log-out");
		browser.click("connect");
		browser.awaitState("connected");
		for (String name : List.of("Ada Lovelace", "Grace Hopper", "José", "<img src=x onerror=alert(1)>")) {
			browser.sendName(name);
			browser.await(() -> browser.greetings().stream().anyMatch((line) -> line.startsWith(name)));
		}
		browser.awaitShown("mine");
		browser.await(() -> browser.lines("#sockets li").size() == 1);
		browser.script("document.activeElement.blur()");
	}

	private void look(Browser browser, String state) {
		// What it looks like does not depend on the container.
		boolean first = this.container.toString().equals("jetty");
		for (String scheme : first ? List.of("light", "dark") : List.of("dark")) {
			for (int width : first ? new int[] { 390, 1280, 1920 } : new int[] { 390 }) {
				String name = "%s-%d-%s".formatted(first ? state : this.container + "-" + state, width, scheme);
				browser.show(width, scheme);
				browser.picture(name);

				assertThat(browser.script("return document.documentElement.scrollWidth")).as(name)
					.isEqualTo((long) width);
				assertThat(browser.barriers()).as(name).isEmpty();
			}
		}
	}

}
