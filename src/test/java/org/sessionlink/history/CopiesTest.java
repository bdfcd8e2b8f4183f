package org.sessionlink.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.history.Audience.Client;
import org.sessionlink.history.Audience.Event;
import org.sessionlink.link.LinkThreads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * B31: copies of what all servers keep, whatever happens to what they hear of it. Each
 * message names the one before it, so that no client can miss one and not know it.
 */
@Execution(ExecutionMode.CONCURRENT)
class CopiesTest {

	private static final History.Key A = new History.Key("/topic/a", null);

	private static final byte[] ANY = {};

	private static final KeepRule RULE = new KeepRule("/**", 0, 0, Duration.ZERO, false);

	@AutoClose
	private final LinkThreads threads = new LinkThreads();

	@AutoClose
	private final MemoryLog log = new MemoryLog();

	private final Audience one = audience(0);

	private final Audience two = audience(0);

	private Audience audience(int memory) {
		return new Audience(new HistorySettings(List.of(RULE), memory), this.threads, this.log.node());
	}

	private void publish(Audience at, int count) {
		IntStream.range(0, count).forEach((i) -> at.copies.publish(A, ANY));
	}

	private static Client there(boolean asks, Audience at) {
		Client client = new Client(asks);
		client.comeTo(at, A);
		return client;
	}

	private static List<Long> offsets(Client client) {
		return client.events().stream().filter((event) -> event.message() != null).map(Event::offset).toList();
	}

	@Test
	void whatNobodyReadsHereLeavesNothingBehind() {
		IntStream.range(0, 1_000).forEach((i) -> this.one.copies.publish(new History.Key("/topic/" + i, null), ANY));
		Client other = there(true, this.two);
		publish(this.one, 1);

		await().until(() -> offsets(other).size() == 1);
		assertThat(this.one.copies.count()).isZero();
		assertThat(this.two.copies.count()).isOne();
	}

	@Test
	void whoeverReadsWhereACopyReachesCostsNoRead() {
		Client first = there(true, this.one);
		publish(this.two, 5);
		await().until(() -> offsets(first).size() == 5);
		long before = this.log.reads.get();

		first.leave(A);
		first.comeTo(this.one, A);
		there(true, this.one);
		there(false, this.one);

		assertThat(this.log.reads.get()).isEqualTo(before);
		assertThat(first.recovered()).isOne();
	}

	/** All clients of a server that has gone come back at another one at once. */
	@Test
	void whatManyMissIsReadOnce() {
		List<Client> many = Stream.generate(() -> there(true, this.one)).limit(50).toList();
		many.forEach((client) -> client.leave(A));
		publish(this.one, 100);
		long before = this.log.reads.get();

		many.forEach((client) -> client.comeTo(this.two, A));

		assertThat(many).allSatisfy((client) -> assertThat(offsets(client)).hasSize(100));
		assertThat(this.log.reads.get() - before).isOne();
	}

	@Test
	void whoHasAskedForNothingHearsWhatWasPublishedBeforeTheCopyWasMade() {
		this.log.latest = 50_000_000;
		for (int i = 0; i < 20; i++) {
			History.Key key = new History.Key("/topic/" + i, null);
			Client plain = new Client(false);
			plain.comeTo(this.one, key);
			this.two.copies.publish(key, ANY);
			Client asks = new Client(true);
			asks.comeTo(this.one, key);
			this.two.copies.publish(key, ANY);

			await().until(() -> !offsets(plain).isEmpty() && offsets(plain).get(offsets(plain).size() - 1) == 2);
			assertThat(offsets(plain)).containsExactly(1L, 2L);
			await().until(() -> !offsets(asks).isEmpty() && offsets(asks).get(offsets(asks).size() - 1) == 2);
			assertThat(offsets(asks)).isSubsetOf(1L, 2L).isSorted().doesNotHaveDuplicates();
		}
	}

	/** As with a subscription to a pattern, for which nothing is kept. */
	@Test
	void whoIsThereWithoutACopyHearsWhatIsOnItsWayWhenOneIsMade() {
		this.log.latest = 50_000_000;
		for (int i = 0; i < 20; i++) {
			History.Key key = new History.Key("/topic/" + i, null);
			Client listens = new Client(false);
			listens.listenAt(this.one, key);
			this.two.copies.publish(key, ANY);
			Client asks = new Client(true);
			asks.comeTo(this.one, key);
			this.two.copies.publish(key, ANY);

			await().until(() -> offsets(listens).contains(2L));
			assertThat(offsets(listens)).containsExactly(1L, 2L);
		}
	}

	@Test
	void whatWasLostOnTheWayIsRead() {
		Client client = there(true, this.one);
		this.log.loses = 1;
		publish(this.two, 3);
		this.log.loses = 0;
		publish(this.two, 1);

		await().untilAsserted(() -> assertThat(offsets(client)).containsExactly(1L, 2L, 3L, 4L));
		assertThat(client.gaps()).isZero();
	}

	@Test
	void whatWasLostAndNothingFollowsIsFoundByALook() {
		Client client = there(true, this.one);
		this.log.loses = 1;
		publish(this.two, 3);

		this.one.copies.compare();

		await().untilAsserted(() -> assertThat(offsets(client)).containsExactly(1L, 2L, 3L));
		assertThat(client.gaps()).isZero();
	}

	@Test
	void whatWasLostAndIsNoLongerKeptIsAGapAndTold() {
		Client client = there(true, this.one);
		Client plain = there(false, this.one);
		this.log.loses = 1;
		publish(this.two, 5);
		this.log.loses = 0;
		this.log.keeps = 2;
		publish(this.two, 1);

		await().untilAsserted(() -> assertThat(offsets(client)).containsExactly(5L, 6L));
		assertThat(client.gaps()).isOne();
		assertThat(plain.gaps()).isOne();
		assertThat(client.events().get(0).gap()).isEqualTo(new Position(this.log.mark(A).epoch(), 4));
	}

	@Test
	void aLogThatWasEmptiedIsAGap() {
		Client client = there(true, this.one);
		publish(this.one, 3);
		await().until(() -> offsets(client).size() == 3);

		this.log.empty();
		publish(this.two, 2);

		await().untilAsserted(() -> assertThat(offsets(client)).containsExactly(1L, 2L, 3L, 1L, 2L));
		assertThat(client.gaps()).isOne();
		client.leave(A);
		publish(this.two, 1);
		client.comeTo(this.two, A);
		assertThat(client.recovered()).isOne();
	}

	@Test
	void aLogThatWasEmptiedIsAGapAlsoWhereNobodyPublishes() {
		Client client = there(true, this.one);
		publish(this.one, 3);
		await().until(() -> offsets(client).size() == 3);

		this.log.empty();
		this.one.copies.compare();

		await().until(() -> client.gaps() == 1);
		assertThat(client.position()).isEqualTo(this.log.mark(A).position());
	}

	/** A replica has taken over that has missed the last messages. */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 5 })
	void aLogThatHasGoneBackIsAGap(int further) {
		Client client = there(true, this.one);
		publish(this.one, 5);
		await().until(() -> offsets(client).size() == 5);

		this.log.goBack(A, 2);
		publish(this.two, further);
		this.one.copies.compare();

		await().until(() -> client.gaps() == 1);
		publish(this.two, 1);
		await().until(() -> client.position().equals(this.log.mark(A).position()));
		assertThat(chained(client)).isTrue();
	}

	/** The only news that is heard fits by its number, and by nothing else. */
	@Test
	void aLogThatHasGoneBackAndOnIsAGapWhateverNewsAreHeard() {
		Client client = there(true, this.one);
		publish(this.one, 5);
		await().until(() -> offsets(client).size() == 5);

		this.log.goBack(A, 2);
		this.log.loses = 1;
		publish(this.two, 2);
		this.log.loses = 0;
		publish(this.two, 1);

		await().until(() -> client.gaps() == 1);
		await().until(() -> client.position().equals(this.log.mark(A).position()));
		assertThat(chained(client)).isTrue();
	}

	@Test
	void newsOfACountThatIsOverChangeNothing() {
		Client client = there(true, this.one);
		publish(this.one, 3);
		await().until(() -> offsets(client).size() == 3);
		Mark old = this.log.mark(A);
		this.log.empty();
		publish(this.one, 1);
		await().until(() -> offsets(client).size() == 4);

		this.one.copies.hear(LogNews.message(A, new Mark(old.epoch(), 4, 99), old.id(), ANY));
		this.one.copies.hear(LogNews.head(A, old));
		publish(this.one, 1);

		await().until(() -> offsets(client).size() == 5);
		assertThat(offsets(client)).containsExactly(1L, 2L, 3L, 1L, 2L);
		assertThat(client.gaps()).isOne();
	}

	@Test
	void whatCannotBeReadIsAGapAndTheRestGoesOn() {
		Client client = there(true, this.one);
		publish(this.one, 1);
		await().until(() -> offsets(client).size() == 1);
		Mark at = this.log.mark(A);
		publish(this.one, 0);

		this.one.copies.hear(LogNews.message(A, new Mark(at.epoch(), 2, 77), at.id(), new byte[] { 1 }));

		await().until(() -> client.gaps() == 1);
	}

	@Test
	void whileTheLogIsAwayPeopleSubscribeAndAreToldLaterThatTheyMayHaveMissed() {
		this.log.away = true;
		Client client = there(true, this.one);
		Client plain = there(false, this.one);
		assertThatThrownBy(() -> publish(this.one, 1)).isInstanceOf(LogAwayException.class);
		assertThat(client.position()).isNotNull();

		this.log.away = false;
		publish(this.two, 2);

		await().until(() -> offsets(client).size() == 2 && offsets(plain).size() == 2);
		assertThat(client.gaps()).isOne();
		assertThat(plain.gaps()).isOne();
		client.leave(A);
		publish(this.two, 1);
		client.comeTo(this.two, A);
		assertThat(client.recovered()).isOne();
	}

	@Test
	void whileTheLogIsAwayACopyAnswersAsFarAsItReaches() {
		Client stays = there(true, this.one);
		Client client = there(true, this.one);
		publish(this.one, 2);
		await().until(() -> offsets(client).size() == 2 && offsets(stays).size() == 2);
		client.leave(A);
		publish(this.one, 1);
		await().until(() -> offsets(stays).size() == 3);
		this.log.away = true;

		client.comeTo(this.one, A);

		assertThat(offsets(client)).containsExactly(1L, 2L, 3L);
		assertThat(client.recovered()).isOne();
	}

	@Test
	void namesThatStrangersMakeUpTakeNoMoreThanAllMay() {
		Audience bounded = audience(50_000);

		IntStream.range(0, 5_000)
			.forEach(
					(i) -> bounded.copies.subscribe(new History.Key("/topic/" + i, null), null, false, (copy, seam) -> {
					}));

		assertThat(bounded.copies.bytes()).isLessThanOrEqualTo(50_000);
		assertThat(bounded.copies.count()).isLessThan(100);
	}

	/**
	 * B31: nobody misses a message, nor gets one twice, whatever news are late or lost.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 3, 20 })
	void noMessageIsLostOrDoubledWhateverNewsAreLost(int loses) {
		Audience small = audience(3_000);
		List<Audience> servers = List.of(this.one, this.two, small);
		this.log.latest = 2_000_000;
		this.log.loses = loses;

		List<Client> clients = comeAndGo(servers, 31 + loses, () -> {
		});

		assertThat(clients).allSatisfy((client) -> {
			assertThat(chained(client)).isTrue();
			assertThat(client.gaps()).isZero();
		});
		assertThat(clients.stream().mapToInt(Client::recovered).sum()).isGreaterThan(500);
	}

	/** B31: whoever misses something is told, also where the log itself loses it. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void nobodyMissesAnythingUntoldWhateverHappensToTheLog(long seed) {
		List<Audience> servers = List.of(this.one, this.two, audience(3_000));
		this.log.latest = 2_000_000;
		this.log.loses = 10;
		Random random = new Random(seed);

		List<Client> clients = comeAndGo(servers, seed, () -> {
			switch (random.nextInt(60)) {
				case 0 -> this.log.empty();
				case 1 -> backThenLooked(servers, 1 + random.nextInt(4));
				case 2 -> this.log.away = true;
				case 3, 4, 5, 6, 7 -> this.log.away = false;
				default -> {
					// Goes on.
				}
			}
		});

		assertThat(clients).allSatisfy((client) -> assertThat(chained(client)).isTrue());
	}

	// As a store that has come back: what is known is compared before it is used again.
	private void backThenLooked(List<Audience> servers, int by) {
		this.log.goBackAndCompare(A, by, servers.stream().map((server) -> server.copies).toList());
	}

	private List<Client> comeAndGo(List<Audience> servers, long seed, Runnable meanwhile) {
		AtomicBoolean stop = new AtomicBoolean();
		List<Thread> publishers = servers.stream().map((server) -> start(() -> {
			while (!stop.get()) {
				try {
					publish(server, 1);
				}
				catch (LogAwayException ex) {
					Thread.yield();
				}
				LockSupport.parkNanos(300_000);
			}
		})).toList();
		Thread looks = start(() -> {
			while (!stop.get()) {
				servers.forEach((server) -> compare(server.copies));
				servers.forEach((server) -> server.copies.tidy());
				LockSupport.parkNanos(5_000_000);
			}
		});
		List<Client> clients = new ArrayList<>();
		List<Thread> people = IntStream.range(0, 6).mapToObj((i) -> {
			Client client = new Client(i % 3 != 2);
			clients.add(client);
			Random random = new Random(seed * 100 + i);
			return start(() -> {
				for (int visit = 0; visit < 200; visit++) {
					client.comeTo(servers.get(random.nextInt(servers.size())), A);
					LockSupport.parkNanos(random.nextInt(3_000_000));
					if (visit < 199) {
						leave(client);
						LockSupport.parkNanos(random.nextInt(1_000_000));
					}
				}
			});
		}).toList();
		await().pollInterval(Duration.ofMillis(1)).until(() -> {
			meanwhile.run();
			return people.stream().noneMatch(Thread::isAlive);
		});
		this.log.away = false;
		stop.set(true);
		await().until(() -> Stream.concat(publishers.stream(), Stream.of(looks)).noneMatch(Thread::isAlive));
		await().untilAsserted(() -> {
			servers.forEach((server) -> compare(server.copies));
			assertThat(clients)
				.allSatisfy((client) -> assertThat(lastKnown(client)).isEqualTo(this.log.mark(A).position()));
		});
		return clients;
	}

	// Who has asked for no numbers begins anew each time.
	private static void leave(Client client) {
		client.leave(A);
		if (!client.asks()) {
			client.forget();
		}
	}

	private static Position lastKnown(Client client) {
		return client.position();
	}

	private static void compare(Copies copies) {
		try {
			copies.compare();
		}
		catch (LogAwayException ex) {
			Thread.yield();
		}
	}

	private static Thread start(Runnable task) {
		Thread thread = new Thread(task);
		thread.setUncaughtExceptionHandler((failed, ex) -> ex.printStackTrace());
		thread.start();
		return thread;
	}

	/** Returns whether each message follows the one before it, unless a gap was told. */
	private static boolean chained(Client client) {
		long last = -1;
		for (Event event : client.events()) {
			if (event.message() == null) {
				last = -1;
			}
			else {
				if (last >= 0 && event.message().previous() != last) {
					throw new AssertionError("Behind " + last + " came " + event + " in " + client.events());
				}
				last = event.message().id();
			}
		}
		return true;
	}

}
