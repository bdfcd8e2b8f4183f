package org.sessionlink.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.cluster.Attributes.Written;
import org.sessionlink.link.Refused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Sessions that are so large that all others would wait for them (B20), on a real Redis.
 */
@Execution(ExecutionMode.CONCURRENT)
class LargeSessionsTest {

	private static final int MEGABYTE = 1024 * 1024;

	@AutoClose
	private static final TwoNodes nodes = new TwoNodes();

	private static final RealRedis redis = nodes.redis;

	private static final Node a = nodes.a;

	private static final Node b = nodes.b;

	private static long refused() {
		return a.links.refusals().get(Refused.SESSION_TOO_LARGE);
	}

	private static String record(SharedSession session) {
		return "{sessionlink:/app}:link:" + Records.hash(session.key().value());
	}

	@Test
	void anAttributeThatIsTooLargeIsNamedAndAllElseIsKept() {
		long before = refused();
		String id = a.begin();
		SharedSession session = a.read(id);
		session.setAttribute("photo", new byte[17 * MEGABYTE]);
		session.setAttribute("cart", "three apples");

		assertThatIllegalStateException().isThrownBy(() -> a.sessions().save(session))
			.withMessageContaining("'photo'")
			.withMessageContaining("16 MB");
		a.sessions().save(session);

		assertThat(b.read(id).getAttributeNames()).contains("cart").doesNotContain("photo");
		assertThat(refused()).isEqualTo(before + 1);
	}

	@Test
	void ofManyThatAreTooMuchTogetherTheLargestAreNamedAndAllElseIsKept() {
		String id = b.begin();
		SharedSession session = b.read(id);
		IntStream.range(0, 6).forEach((i) -> session.setAttribute("page " + i, new byte[(2 + i) * MEGABYTE]));
		session.setAttribute("thread", Thread.currentThread());

		assertThatIllegalStateException().isThrownBy(() -> b.sessions().save(session))
			.withMessageContaining("'thread'")
			.withMessageContaining("'page 4', 'page 5'")
			.withMessageContaining("16 MB");

		assertThat(a.read(id).getAttributeNames()).contains("page 0", "page 1", "page 2", "page 3")
			.doesNotContain("page 4", "page 5");
	}

	@Test
	void whatIsTooMuchIsNotEvenSent() {
		Map<String, Object> changes = new HashMap<>();
		IntStream.range(0, 6).forEach((i) -> changes.put("page " + i, new byte[5 * MEGABYTE]));

		Written written = new Attributes(getClass().getClassLoader()).write(changes);

		assertThat(written.bytes()).isBetween(15L * MEGABYTE, 16L * MEGABYTE);
		assertThat(written.unwritten(List.of())).hasMessageContaining("'page ");
	}

	@Test
	void aSessionThatGrowsStopsGrowingBeforeItIsTooLarge() {
		String id = b.begin();
		SharedSession session = b.read(id);
		for (String name : List.of("one", "two", "three")) {
			session.setAttribute(name, new byte[5 * MEGABYTE]);
			b.sessions().save(session);
		}
		session.setAttribute("four", new byte[5 * MEGABYTE]);
		session.setAttribute("cart", "three apples");

		assertThatIllegalStateException().isThrownBy(() -> b.sessions().save(session)).withMessageContaining("'four'");
		assertThat(a.read(id).getAttributeNames()).contains("one", "two", "three", "cart").doesNotContain("four");

		session.removeAttribute("two");
		session.setAttribute("three", new byte[4 * MEGABYTE]);
		session.setAttribute("four", new byte[6 * MEGABYTE]);
		b.sessions().save(session);

		assertThat(a.read(id).getAttributeNames()).contains("one", "three", "four", "cart").doesNotContain("two");
	}

	@Test
	void whatWasLeftUncountedIsCountedBeforeAnythingIsRefused() {
		SharedSession session = a.read(a.begin());
		session.setAttribute("cart", "three apples");
		a.sessions().save(session);
		String counted = redis.ask().hget(record(session), "bytes");

		for (String wrong : List.of("", "99999999999")) {
			redis.ask().hset(record(session), "bytes", wrong);
			assertThat(b.read(session.getId()).<String>getAttribute("cart")).isEqualTo("three apples");
			assertThat(redis.ask().hget(record(session), "bytes")).isEqualTo(counted);
		}
	}

	@Test
	void aRecordThatAnotherVersionHasMadeTooLargeIsRefusedAndLeftAlone() {
		SharedSession session = a.read(a.begin());
		redis.ask().hset(record(session), "@photo", "x".repeat(17 * MEGABYTE));
		redis.ask().hdel(record(session), "bytes");

		assertThatExceptionOfType(UnreadableSessionException.class)
			.isThrownBy(() -> b.sessions().findById(session.getId()))
			.withMessageContaining("16 MB");

		assertThat(redis.ask().exists(record(session))).isOne();
		session.removeAttribute("photo");
		a.sessions().save(session);
		assertThat(b.read(session.getId())).isNotNull();
	}

	@Test
	void largeOnesComeAndGoOneAfterTheOtherAndNobodyElseWaitsForThem() {
		try (Deaf deaf = new Deaf(redis)) {
			SharedSession small = a.read(a.begin());
			SharedSession large = a.read(a.begin());
			large.setAttribute("photo", new byte[MEGABYTE]);
			a.sessions().save(large);

			deaf.records.turns().take(() -> {
				assertThat(deaf.records.byId(small.getId(), false).session()).isNotNull();
				assertThatExceptionOfType(StoreAwayException.class)
					.isThrownBy(() -> deaf.records.byId(large.getId(), false))
					.withMessageContaining("large sessions");
				large.setAttribute("photo", new byte[MEGABYTE]);
				assertThatExceptionOfType(StoreAwayException.class)
					.isThrownBy(() -> deaf.records.save(large, large.takeChanges(), false));
				return null;
			});

			assertThat(deaf.records.byId(large.getId(), false).session()).isNotNull();
		}
	}

}
