package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.Deadlines;
import org.sessionlink.Often;

/**
 * B37: who comes while somebody goes, logs in, loses the right or ends. A model checker
 * tries the step in which lists and news are made; for whole sockets, of which it would
 * see no end, threads meet often.
 */
class PresenceRacesTest {

	private static final int ORDERS = Often.times(100);

	private static final int TIMES = 3_000;

	private final ExecutorService other = Executors.newSingleThreadExecutor();

	@AfterEach
	void stop() {
		this.other.shutdownNow();
	}

	private static final String ROOM = "/topic/room";

	@Test
	void nobodyIsThereByALinkThatHasEnded() {
		often(() -> {
			Hall hall = new Hall(new Midnight());
			Link link = hall.link("ada");
			Hall.Tab tab = hall.tab(link);

			together(() -> tab.enter(ROOM), () -> link.end(EndCause.ENDED));

			are(hall, List.of());
		});
	}

	@Test
	void whoComesAsTheLastOneLeavesIsThere() {
		often(() -> {
			Hall hall = new Hall(new Midnight());
			Hall.Tab first = hall.tab(hall.link("ada"));
			Subscription adas = first.enter(ROOM);
			Hall.Tab second = hall.tab(hall.link("bob"));

			together(() -> first.unsubscribe(adas), () -> second.enter(ROOM));

			are(hall, List.of("bob"));
		});
	}

	@Test
	void whoLogsInAsTheySubscribeIsThereAsThatUserAlone() {
		often(() -> {
			Hall hall = new Hall(new Midnight());
			Link link = hall.link("ada");
			Hall.Tab tab = hall.tab(link);

			together(() -> tab.enter(ROOM), () -> link.identify(Hall.identity("eve")));

			are(hall, List.of("eve"));
		});
	}

	@Test
	void whoLosesTheRightAsTheySubscribeIsNotThere() {
		often(() -> {
			Hall hall = new Hall(new Midnight());
			Hall.Tab tab = hall.tab(hall.link("ada"));
			tab.socketLink.subscriptions().add("1", ROOM, 0);

			together(() -> tab.socketLink.presence().subscribed("1", false),
					() -> tab.revoke(tab.socketLink.subscriptions().get("1")));

			are(hall, List.of());
		});
	}

	@Test
	void aSocketThatClosesAsItSubscribesIsNotThere() {
		often(() -> {
			Hall hall = new Hall(new Midnight(), Duration.ZERO, 0);
			Hall.Tab tab = hall.tab(hall.link("ada"));

			together(() -> tab.enter(ROOM), tab::cut);

			are(hall, List.of());
		});
	}

	@Test
	void whoComesBackAsTheTimeIsOverIsThere() {
		often(() -> {
			Timers timers = new Timers();
			Hall hall = new Hall(timers);
			Link link = hall.link("ada");
			Hall.Tab tab = hall.tab(link);
			tab.enter(ROOM);
			timers.last = null;
			tab.cut();
			Runnable over = timers.last;
			Hall.Tab again = hall.tab(link);

			together(over, () -> again.enter(ROOM));

			are(hall, List.of("ada"));
		});
	}

	@Test
	void theTimeOfAnEarlierAbsenceDoesNotEndALaterOne() {
		Timers timers = new Timers();
		Hall hall = new Hall(timers);
		Link link = hall.link("ada");
		hall.tab(link).enter(ROOM);
		Hall.Tab tab = hall.tab(link);
		tab.enter(ROOM);
		link.sockets().forEach((socket) -> socket.socketLink().presence().over());
		Runnable earlier = timers.last;
		Hall.Tab again = hall.tab(link);
		again.enter(ROOM);
		again.cut();

		earlier.run();

		are(hall, List.of("ada"));
	}

	@Test
	void theListAndTheNewsAfterItHaveNobodyTwiceAndMissNobody() {
		often(() -> {
			Timers timers = new Timers();
			Hall hall = new Hall(timers);
			Hall.Tab watching = hall.tab(hall.link("bob"));
			Hall.Tab coming = hall.tab(hall.link("ada"));
			Subscription[] bobs = new Subscription[1];
			timers.last = null;

			together(() -> bobs[0] = watching.watch(ROOM), () -> coming.enter(ROOM));

			if (timers.last != null) {
				timers.last.run();
			}
			require(List.of("ada", "bob").equals(hall.seenBy(bobs[0])), () -> "Sees " + hall.seenBy(bobs[0]));
			require(hall.complaints().isEmpty(), () -> hall.complaints().toString());
		});
	}

	@Test
	void whoComesAsTheListIsTakenIsInItOrInTheNewsAfterIt() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Link link = new Links(new Midnight(), LinkPolicy.DEFAULT).open("key", "id", Home.GONE);
			Subscription subscription = new Subscription("1", ROOM, 0, () -> 0);
			Attendee ada = new Attendee("ada", "a");
			Stay stay = new Stay(ROOM, link, ada, new LinkStays());
			Gathering gathering = new Gathering(ROOM, 0, (ended) -> {
			});
			gathering.watch(subscription, "socket");
			Attendance.News[] first = new Attendance.News[1];

			Racing.together(() -> first[0] = gathering.takeNews(0), () -> gathering.enter(ada, "socket", () -> stay));

			Attendance.News second = gathering.takeNews(1);
			int inList = first[0].present().size();
			int inNews = second.joined().size();
			require(inList + inNews == 1 && second.fresh().isEmpty(), () -> inList + " and " + inNews);
		});
	}

	private static void often(Runnable race) {
		for (int i = 0; i < TIMES; i++) {
			race.run();
		}
	}

	private void together(Runnable one, Runnable another) {
		CyclicBarrier start = new CyclicBarrier(2);
		Future<?> done = this.other.submit(() -> {
			start.await();
			another.run();
			return null;
		});
		try {
			start.await();
			one.run();
			done.get(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void are(Hall hall, List<String> users) {
		List<String> there = hall.presence.at(ROOM).stream().map(Present::user).toList();
		require(there.equals(users), () -> "There are " + there);
		require(users.isEmpty() == (hall.presence.destinations() == 0), () -> "Something is left, or gone");
	}

	private static void require(boolean holds, Supplier<String> otherwise) {
		if (!holds) {
			throw new AssertionError(otherwise.get());
		}
	}

	/** Time that stands still, and keeps what was scheduled last. */
	private static final class Timers implements LinkClock {

		private final Midnight midnight = new Midnight();

		private volatile Runnable last;

		@Override
		public long nanoTime() {
			return 0;
		}

		@Override
		public Instant now() {
			return this.midnight.now();
		}

		@Override
		public Future<?> schedule(Runnable task, Duration delay) {
			this.last = task;
			return new CompletableFuture<>();
		}

		@Override
		public void execute(Crew crew, Runnable task) {
			task.run();
		}

	}

}
