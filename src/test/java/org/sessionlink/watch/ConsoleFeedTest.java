package org.sessionlink.watch;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Notices;

import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** B23: what an open console is told, and how often. */
class ConsoleFeedTest {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final Town town = new Town();

	private final List<Map<String, ?>> told = new ArrayList<>();

	private final List<Runnable> underWay = new ArrayList<>();

	private boolean takesAtOnce = true;

	private boolean fails;

	// One whose store fails as no other does.
	private final Elsewhere elsewhere = (Elsewhere) Proxy.newProxyInstance(Elsewhere.class.getClassLoader(),
			new Class<?>[] { Elsewhere.class }, (proxy, method, arguments) -> {
				if (this.fails && method.getName().equals("all")) {
					throw new IllegalStateException("on purpose");
				}
				return method.invoke(Elsewhere.NOTHING, arguments);
			});

	private final ConsoleFeed feed = new ConsoleFeed(this.town.links,
			new LinkPages(this.town.links, new AllServers(this.town.links, this.elsewhere)),
			new ConsoleFigures(this.town.links, Elsewhere.NOTHING), new Recorder(),
			(id) -> id.equals("desk-1") ? this.town.deskOne : null, Elsewhere.NOTHING);

	@BeforeEach
	void logIn() {
		this.town.desk.identify(Town.person("ada", "OPERATOR"));
	}

	@Test
	void aConsoleHearsAtOnceAndThenOnceASecondAsLongAsItIsThere() {
		long idle = this.town.clock.waiting();

		subscribe("1", Map.of("sort", "lastActivity", "page", "0"));
		this.town.clock.pass(Duration.ZERO);
		assertThat(this.told).hasSize(1);
		this.town.clock.pass(SECOND);
		assertThat(this.told).hasSize(2);

		this.town.deskOne.socketLink().subscriptions().remove("1");
		this.town.clock.pass(SECOND);
		this.town.clock.pass(SECOND);
		assertThat(this.told).hasSize(2);
		assertThat(this.town.clock.waiting()).isEqualTo(idle);
	}

	@Test
	void onlyWhatHasChangedIsToldAgain() {
		subscribe("1", Map.of("sort", "createdAt", "page", "0"));
		this.town.clock.pass(Duration.ZERO);
		this.town.clock.pass(SECOND);
		this.town.bob.active();
		this.town.clock.pass(SECOND);

		assertThat(rows(0)).hasSize(4);
		assertThat(rows(1)).isEmpty();
		assertThat(rows(2)).extracting((row) -> String.valueOf(row.get("principal"))).containsExactly("bob");
		assertThat(this.told).allSatisfy((news) -> assertThat((List<?>) news.get("order")).hasSize(4));
	}

	@Test
	void aSlowConsoleIsToldNoMoreUntilItHasTakenTheLast() {
		this.takesAtOnce = false;
		subscribe("1", Map.of());
		this.town.clock.pass(Duration.ZERO);
		this.town.clock.pass(SECOND);
		this.town.clock.pass(SECOND);
		assertThat(this.told).hasSize(1);

		this.underWay.get(0).run();
		this.town.clock.pass(SECOND);

		assertThat(this.told).hasSize(2);
	}

	@Test
	void whatCannotBeToldOnceIsToldTheNextTime() {
		subscribe("1", Map.of("sort", "createdAt", "page", "0"));
		this.town.clock.pass(Duration.ZERO);

		this.fails = true;
		this.town.clock.pass(SECOND);
		this.fails = false;
		this.town.clock.pass(SECOND);

		assertThat(this.told).hasSize(2);
	}

	@Test
	void whoLosesTheRoleHearsNoMore() {
		subscribe("1", Map.of());
		this.town.clock.pass(Duration.ZERO);

		this.town.desk.identify(new Identity(() -> "ada", Set.of("STAFF")));
		this.town.clock.pass(SECOND);

		assertThat(this.told).hasSize(1);
	}

	@Test
	void itsOwnMessagesAreNoneOfTheFigures() {
		subscribe("1", Map.of());
		this.town.clock.pass(Duration.ZERO);
		this.town.phone.end(EndCause.KICKED);
		this.town.clock.pass(SECOND);

		Map<?, ?> figures = (Map<?, ?>) this.told.get(1).get("figures");
		assertThat(figures.get("messages")).isEqualTo(0L);
		assertThat(figures.get("links")).isEqualTo(3);
		assertThat(((Map<?, ?>) figures.get("ends")).get("session-kicked")).isEqualTo(1L);
	}

	@SuppressWarnings("unchecked")
	private List<Map<?, ?>> rows(int round) {
		return (List<Map<?, ?>>) this.told.get(round).get("rows");
	}

	private void subscribe(String id, Map<String, String> headers) {
		this.town.deskOne.socketLink().subscriptions().add(id, "/user/queue/operators", 0);
		Map<String, Object> attributes = new HashMap<>();
		this.town.deskOne.socketLink().putInto(attributes);
		StompHeaderAccessor frame = StompHeaderAccessor.create(StompCommand.SUBSCRIBE);
		frame.setSessionId("desk-1");
		frame.setSessionAttributes(attributes);
		frame.setSubscriptionId(id);
		frame.setDestination("/user/queue/operators");
		headers.forEach(frame::addNativeHeader);
		this.feed.onSubscribe(
				new SessionSubscribeEvent(this, MessageBuilder.createMessage(new byte[0], frame.getMessageHeaders())));
	}

	/** Remembers what is told. */
	private final class Recorder implements Notices {

		@Override
		public void tell(String socketId, String queue, Map<String, ? extends @Nullable Object> notice) {
			assertThat(socketId).isEqualTo("desk-1");
			assertThat(queue).isEqualTo("queue/operators");
			ConsoleFeedTest.this.told.add(notice);
		}

		@Override
		public void tell(String socketId, String queue, Map<String, ? extends @Nullable Object> notice,
				Runnable goesOut) {
			tell(socketId, queue, notice);
			if (ConsoleFeedTest.this.takesAtOnce) {
				goesOut.run();
			}
			else {
				ConsoleFeedTest.this.underWay.add(goesOut);
			}
		}

	}

}
