package org.sessionlink.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.sessionlink.history.History;
import org.sessionlink.history.KeepRule;
import org.sessionlink.history.LogAwayException;
import org.sessionlink.history.LogNews;
import org.sessionlink.history.Mark;
import org.sessionlink.history.MessageLog;
import org.sessionlink.history.Position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** B31: what is kept in Redis for all nodes, in which order, and how much at most. */
class RedisLogTest {

	private static final History.Key A = new History.Key("/topic/a", null);

	private static final KeepRule RULE = rule(1000, 0, Duration.ofMinutes(2));

	private static final String NS = "{sessionlink:/app}:";

	@AutoClose
	private final RealRedis redis = new RealRedis();

	@AutoClose
	private final LogNode one = new LogNode(this.redis, "one", 0);

	@AutoClose
	private final LogNode two = new LogNode(this.redis, "two", 0);

	private static KeepRule rule(int count, int size, Duration age) {
		return new KeepRule("/**", count, size, age, false);
	}

	@Test
	void allNodesHearAllMessagesInOneOrderWhoeverPublishes() throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<Thread> publishers = Stream.of(this.one, this.two).map((node) -> {
			Thread thread = new Thread(() -> {
				await().until(() -> start.getCount() == 0);
				IntStream.range(0, 200).forEach((i) -> node.publish(A, RULE, node + " " + i));
			});
			thread.start();
			return thread;
		}).toList();
		start.countDown();
		for (Thread publisher : publishers) {
			publisher.join();
		}

		await().until(() -> this.one.messages().size() == 400 && this.two.messages().size() == 400);
		assertThat(this.one.messages()).isEqualTo(this.two.messages());
		assertThat(this.one.heard).extracting((news) -> news.mark().last())
			.containsExactlyElementsOf(IntStream.rangeClosed(1, 400).mapToObj(Long::valueOf).toList());
		assertThat(IntStream.range(1, 400)
			.allMatch((i) -> this.one.heard.get(i).previous() == this.one.heard.get(i - 1).mark().id())).isTrue();
	}

	@Test
	void aPositionIsThereBeforeAnythingWasSentAndIsTheSameAtAllNodes() {
		MessageLog.Slice first = this.one.read(A, RULE, Mark.NOWHERE, null);
		this.two.publish(A, RULE, "1");

		assertThat(first.mark().last()).isZero();
		assertThat(LogNode.texts(this.two.read(A, RULE, Mark.NOWHERE, first.mark().position()))).containsExactly("1");
	}

	@Test
	void whatCameAfterBothPlacesIsRead() {
		IntStream.rangeClosed(1, 5).forEach((i) -> this.one.publish(A, RULE, Integer.toString(i)));
		Mark end = this.one.read(A, RULE, Mark.NOWHERE, null).mark();
		Mark third = new Mark(end.epoch(), 3, idOf(3));

		assertThat(LogNode.texts(this.two.read(A, RULE, third, null))).containsExactly("4", "5");
		assertThat(LogNode.texts(this.two.read(A, RULE, third, new Position(end.epoch(), 1)))).containsExactly("2", "3",
				"4", "5");
		assertThat(LogNode.texts(this.two.read(A, RULE, end, new Position("zzz", 1)))).isEmpty();
		assertThat(LogNode.texts(this.two.read(A, RULE, end, new Position(end.epoch(), 9)))).isEmpty();
	}

	@Test
	void whoHasMissedWhatIsNotKeptAnyMoreReadsNothingOfIt() {
		KeepRule rule = rule(2, 0, Duration.ofMinutes(1));
		IntStream.rangeClosed(1, 5).forEach((i) -> this.one.publish(A, rule, Integer.toString(i)));
		Mark end = this.one.read(A, rule, Mark.NOWHERE, null).mark();

		assertThat(LogNode.texts(this.two.read(A, rule, end, new Position(end.epoch(), 2)))).isEmpty();
		assertThat(LogNode.texts(this.two.read(A, rule, end, new Position(end.epoch(), 3)))).containsExactly("4", "5");
		assertThat(LogNode.texts(this.two.read(A, rule, end, new Position(end.epoch(), 5)))).isEmpty();
	}

	private long idOf(int offset) {
		await().until(() -> this.one.heard.size() >= offset);
		return this.one.heard.get(offset - 1).mark().id();
	}

	@Test
	void bytesCrossAsTheyAreAndSoDoNames() {
		byte[] all = new byte[256];
		IntStream.range(0, 256).forEach((i) -> all[i] = (byte) i);
		History.Key odd = new History.Key("/topic/ä \n/€", "ada \n 💐");

		this.one.log.publish(odd, RULE, all);

		await().until(() -> !this.two.heard.isEmpty());
		assertThat(this.two.heard.get(0).key()).isEqualTo(odd);
		assertThat(this.two.heard.get(0).content()).isEqualTo(all);
		MessageLog.Slice slice = this.two.read(odd, RULE, new Mark(this.two.heard.get(0).mark().epoch(), 0, 0), null);
		assertThat(slice.entries().get(0).content()).isEqualTo(all);
	}

	@Test
	void noMoreThanItsCountIsKept() {
		KeepRule rule = rule(3, 0, Duration.ofMinutes(2));
		IntStream.rangeClosed(1, 9).forEach((i) -> this.one.publish(A, rule, Integer.toString(i)));

		assertThat(LogNode.texts(all(rule))).containsExactly("7", "8", "9");
	}

	@Test
	void noMoreThanItsBytesAreKept() {
		KeepRule rule = rule(0, 3_500, Duration.ofMinutes(2));
		IntStream.rangeClosed(1, 9).forEach((i) -> this.one.publish(A, rule, i + "x".repeat(1_000)));

		assertThat(LogNode.texts(all(rule))).hasSize(3).last().asString().startsWith("9");
		this.one.publish(A, rule, "x".repeat(4_000));
		assertThat(all(rule).entries()).isEmpty();
		assertThat(all(rule).mark().last()).isEqualTo(10);
		this.one.publish(A, rule, "11");
		assertThat(LogNode.texts(all(rule))).containsExactly("11");
	}

	private MessageLog.Slice all(KeepRule rule) {
		Mark end = this.two.read(A, rule, Mark.NOWHERE, null).mark();
		return this.two.read(A, rule, new Mark(end.epoch(), 0, 0), null);
	}

	@Test
	void whatIsTooOldIsForgottenAndTheCountLivesTenTimesAsLong() {
		KeepRule rule = rule(0, 0, Duration.ofMillis(300));
		this.one.publish(A, rule, "1");
		Mark end = this.one.read(A, rule, Mark.NOWHERE, null).mark();

		await().until(() -> all(rule).entries().isEmpty());
		assertThat(all(rule).mark()).isEqualTo(end);
		this.one.publish(A, rule, "2");
		assertThat(LogNode.texts(all(rule))).containsExactly("2");
		await().pollInterval(Duration.ofMillis(100)).until(() -> this.redis.ask().keys(NS + "ke[ep]*").isEmpty());
		this.one.publish(A, rule, "3");
		assertThat(all(rule).mark().epoch()).isNotEqualTo(end.epoch());
		assertThat(all(rule).mark().last()).isEqualTo(1);
	}

	/** What somebody reads keeps its count. */
	@Test
	void aCountThatIsLookedAtLivesOn() {
		KeepRule rule = rule(0, 0, Duration.ofSeconds(30));
		this.one.publish(A, rule, "1");
		Mark end = this.one.read(A, rule, Mark.NOWHERE, null).mark();
		String key = this.redis.ask().keys(NS + "kept:*").get(0);
		this.redis.ask().pexpire(key, 5_000);

		this.one.log.heads(List.of(new MessageLog.Known(A, rule, end)));

		assertThat(this.redis.ask().pttl(key)).isGreaterThan(200_000);
	}

	/** A stranger who makes up names. */
	@Test
	void allTogetherTakeNoMoreThanTheyMay() {
		int memory = 500_000;
		try (LogNode bounded = new LogNode(this.redis, "three", memory)) {
			KeepRule forEver = rule(0, 0, Duration.ZERO);
			bounded.publish(A, forEver, "warm");
			long before = used();
			IntStream.range(0, 5_000)
				.forEach((i) -> bounded.publish(new History.Key("/topic/" + i, null), forEver, "x".repeat(500)));
			IntStream.range(0, 2_000)
				.forEach((i) -> bounded.read(new History.Key("/made/up/" + i, null), forEver, Mark.NOWHERE, null));

			assertThat(Long.parseLong(this.redis.ask().get(NS + "history:total"))).isLessThanOrEqualTo(memory);
			assertThat(used() - before).isLessThan(3L * memory);
			assertThat(this.redis.ask().keys(NS + "ke[ep]*").size()).isLessThan(1_000);
			assertThat(this.redis.ask().zcard(NS + "history:used")).isLessThan(1_000);
			assertThat(bounded.read(new History.Key("/made/up/1999", null), forEver, Mark.NOWHERE, null).mark().epoch())
				.isNotEmpty();
		}
	}

	private long used() {
		String info = this.redis.ask().info("memory");
		return Stream.of(info.split("\r\n"))
			.filter((line) -> line.startsWith("used_memory:"))
			.mapToLong((line) -> Long.parseLong(line.substring("used_memory:".length())))
			.sum();
	}

	@Test
	void whatIsInUseStaysAndWhatIsNotGivesWay() {
		int memory = 20_000;
		try (LogNode bounded = new LogNode(this.redis, "three", memory)) {
			History.Key read = new History.Key("/topic/read", null);
			bounded.publish(read, RULE, "1");
			Mark mark = bounded.read(read, RULE, Mark.NOWHERE, null).mark();
			for (int i = 0; i < 200; i++) {
				bounded.publish(new History.Key("/topic/" + i, null), RULE, "x");
				bounded.log.heads(List.of(new MessageLog.Known(read, RULE, mark)));
			}

			assertThat(bounded.log.heads(List.of(new MessageLog.Known(read, RULE, mark)))).containsExactly(mark);
			assertThat(LogNode.texts(bounded.read(read, RULE, mark, new Position(mark.epoch(), 0))))
				.containsExactly("1");
		}
	}

	@Test
	void whatHasExpiredTakesNothing() {
		try (LogNode bounded = new LogNode(this.redis, "three", 1_000_000)) {
			KeepRule brief = rule(0, 0, Duration.ofMillis(20));
			IntStream.range(0, 50)
				.forEach((i) -> bounded.publish(new History.Key("/topic/" + i, null), brief, "x".repeat(1_000)));

			await().untilAsserted(() -> {
				bounded.publish(A, RULE, "now");
				assertThat(this.redis.ask().hlen(NS + "history:bytes")).isEqualTo(1);
			});

			assertThat(Long.parseLong(this.redis.ask().get(NS + "history:total"))).isLessThan(100_000);
		}
	}

	@Test
	void muchComesInPiecesAndFarTooMuchNotAtAll() {
		IntStream.range(0, 20).forEach((i) -> this.one.publish(A, RULE, i + "x".repeat(100_000)));

		assertThat(all(RULE).entries()).hasSize(20);

		KeepRule unbounded = rule(0, 0, Duration.ofMinutes(2));
		byte[] large = new byte[1_000_000];
		IntStream.range(0, 17).forEach((i) -> this.one.log.publish(A, unbounded, large));
		assertThat(all(unbounded).entries()).isEmpty();
		assertThat(all(unbounded).mark().last()).isEqualTo(37);
	}

	/** A replica has taken over that has missed the last second. */
	@Test
	void aCountThatHasGoneBackBecomesAnother() {
		this.one.publish(A, RULE, "1");
		Mark before = this.one.read(A, RULE, Mark.NOWHERE, null).mark();
		Map<String, byte[]> replica = dump();
		this.one.publish(A, RULE, "2");
		Mark seen = this.one.read(A, RULE, Mark.NOWHERE, null).mark();
		restore(replica);

		assertThat(this.two.log.heads(List.of(new MessageLog.Known(A, RULE, before)))).containsExactly(before);
		Mark after = this.one.log.heads(List.of(new MessageLog.Known(A, RULE, seen))).get(0);

		assertThat(after.epoch()).isNotEqualTo(seen.epoch());
		await().until(() -> this.two.heard.stream().anyMatch((news) -> news.mark().equals(after)));
	}

	/** The same, and others have published meanwhile. */
	@Test
	void aCountThatHasGoneBackAndOnAgainBecomesAnother() {
		for (int further = 1; further <= 3; further++) {
			this.one.publish(A, RULE, "1");
			Map<String, byte[]> replica = dump();
			this.one.publish(A, RULE, "2");
			Mark seen = this.one.read(A, RULE, Mark.NOWHERE, null).mark();
			restore(replica);
			IntStream.range(0, further).forEach((i) -> this.two.publish(A, RULE, "other"));

			Mark after = this.one.read(A, RULE, seen, null).mark();

			assertThat(after.epoch()).as(further + " further").isNotEqualTo(seen.epoch());
		}
	}

	private Map<String, byte[]> dump() {
		return this.redis.ask()
			.keys(NS + "ke[ep]*")
			.stream()
			.collect(Collectors.toMap((key) -> key, (key) -> this.redis.ask().dump(key)));
	}

	private void restore(Map<String, byte[]> dumped) {
		dumped.forEach((key, value) -> {
			this.redis.ask().del(key);
			this.redis.ask().restore(key, 120_000, value);
		});
	}

	@Test
	void whatMakesNoSenseIsNotHeard() {
		List<String> senseless = List.of("", "message", "\n", "message e 1 2 3 99\n", "message e x 2 3 4\nabcd",
				"later e 1 2 3 5\n\0\0\0\1a", "message e 1 2 3 -1\n", "message e 1 2 3 2\nab",
				"message e 1 2 3 4\n\u007fabc");
		senseless.forEach((text) -> this.redis.ask().publish(NS + "kept", text));
		this.two.publish(A, RULE, "after");

		await().until(() -> !this.one.heard.isEmpty());
		assertThat(this.one.messages()).containsExactly("1 after");
	}

	/** Another version, or somebody by hand. */
	@Test
	void whatMakesNoSenseInRedisDoesNoHarm() {
		this.one.publish(A, RULE, "1");
		String count = this.redis.ask().keys(NS + "kept:*").get(0);
		String stream = this.redis.ask().keys(NS + "keep:*").get(0);
		Mark before = this.one.read(A, RULE, Mark.NOWHERE, null).mark();

		this.redis.ask().hset(count, "id", "none");
		assertThat(this.one.read(A, RULE, before, null).mark().epoch()).isNotEqualTo(before.epoch());
		this.redis.ask().xadd(stream, Map.of("odd", "field"));
		Mark now = this.one.read(A, RULE, Mark.NOWHERE, null).mark();
		this.one.publish(A, RULE, "2");
		assertThat(LogNode.texts(this.one.read(A, RULE, now, null))).containsExactly("2");
		this.redis.ask().xadd(stream, Map.of("i", "none", "p", "0", "t", "1", "m", ""));
		IntStream.range(0, 20).forEach((i) -> this.redis.ask().xadd(stream, Map.of("odd", "field")));
		assertThat(LogNode.texts(this.one.read(A, RULE, now, null))).containsExactly("2");
		this.one.publish(A, RULE, "3");

		assertThat(LogNode.texts(this.one.read(A, RULE, now, null))).containsExactly("3");
	}

	@Test
	void nothingIsKeptWhileTheStoreIsAway() {
		this.redis.close();

		assertThatThrownBy(() -> this.one.publish(A, RULE, "1")).isInstanceOf(LogAwayException.class);
		assertThatThrownBy(() -> this.one.read(A, RULE, Mark.NOWHERE, null)).isInstanceOf(LogAwayException.class);
		assertThatThrownBy(() -> this.one.log.heads(List.of(new MessageLog.Known(A, RULE, Mark.NOWHERE))))
			.isInstanceOf(LogAwayException.class);
	}

	@Test
	void whereACountIsCanBeToldBehindAllThatWasBefore() {
		this.one.publish(A, RULE, "1");
		this.two.log.announce(new MessageLog.Known(A, RULE, Mark.NOWHERE));

		await().until(() -> this.one.heard.size() == 2 && this.two.heard.size() == 2);
		assertThat(this.two.heard).extracting(LogNews::message).containsExactly(true, false);
		assertThat(this.two.heard.get(1).mark()).isEqualTo(this.two.heard.get(0).mark());
		assertThat(new String(this.two.heard.get(0).content(), StandardCharsets.UTF_8)).isEqualTo("1");
	}

}
