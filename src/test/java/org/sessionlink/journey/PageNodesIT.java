package org.sessionlink.journey;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.journey.people.People;

import static org.assertj.core.api.Assertions.assertThat;

/** B46: the page in a real browser, whose every request may go to another node. */
@OnNodes
@InPhase(Phase.PAGES)
@Execution(ExecutionMode.CONCURRENT)
class PageNodesIT {

	private static final String NODE_OF_THE_PAGE = "return performance.getEntriesByType('navigation')[0].serverTiming[0].name";

	private final Nodes nodes;

	PageNodesIT(Nodes nodes) {
		this.nodes = nodes;
	}

	@Test
	void aReloadThatLandsOnAnotherNodeShowsTheSameLoginAndTheSameSession() {
		try (Balancer balancer = Balancer.before(this.nodes);
				Browser browser = Browser.at(balancer.url(Nodes.PEOPLE, "/"))) {
			browser.logIn("ada", People.PASSWORD);
			connect(browser);
			String link = browser.find("link").getText();

			Set<Object> served = new HashSet<>();
			browser.await(() -> {
				browser.leaveFor("");
				browser.awaitWho("You are logged in as ada.");
				connect(browser);
				assertThat(browser.find("link").getText()).isEqualTo(link);
				served.add(browser.script(NODE_OF_THE_PAGE));
				return served.size() == this.nodes.size();
			});

			browser.sendName("from any node");
			browser.await(() -> browser.greetings().stream().anyMatch((said) -> said.contains("from any node")));
			browser.picture("reloaded-on-another-node");
		}
	}

	@Test
	void aLogoutAtOneNodeIsSaidInATabAtAnother() {
		try (Browser one = Browser.at(this.nodes.container(0), Nodes.PEOPLE)) {
			one.logIn("bob", People.PASSWORD);
			connect(one);
			Browser other = one.tabOf(this.nodes.container(this.nodes.last()).url(Nodes.PEOPLE, "/"));
			other.awaitWho("You are logged in as bob.");
			connect(other);
			assertThat(other.find("link").getText()).isEqualTo(one.find("link").getText());

			one.click("log-out");

			other.awaitState("ended");
			assertThat(other.state()).contains("logged out");
			other.awaitWho("You are not logged in.");
		}
	}

	private static void connect(Browser browser) {
		if (!"connected".equals(browser.find("state").getAttribute("data-state"))) {
			browser.click("connect");
		}
		browser.awaitState("connected");
		browser.awaitShown("link");
	}

}
