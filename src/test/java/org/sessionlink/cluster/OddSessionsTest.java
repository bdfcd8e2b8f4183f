package org.sessionlink.cluster;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.lettuce.core.KillArgs;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.store.SessionKey;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.session.web.http.HeaderHttpSessionIdResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What applications do to their sessions that others would not (B20 to B22, B42), on a
 * real Redis.
 */
@Execution(ExecutionMode.CONCURRENT)
class OddSessionsTest {

	@AutoClose
	private static final TwoNodes nodes = new TwoNodes();

	private static final RealRedis redis = nodes.redis;

	private static final Node a = nodes.a;

	private static final Node b = nodes.b;

	private static void request(Node node, String id, Use use) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest(node.servletContext);
		request.addHeader("X-Auth-Token", id);
		serve(node, request, use);
	}

	/** Serves a request by the filters of a node. */
	private static void serve(Node node, MockHttpServletRequest request, Use use) throws Exception {
		Filter[] filters = node.cluster.filters(HeaderHttpSessionIdResolver.xAuthToken()).toArray(Filter[]::new);
		HttpServlet servlet = new HttpServlet() {

			private static final long serialVersionUID = 1;

			@Override
			protected void service(HttpServletRequest served, HttpServletResponse response) {
				use.in(served);
			}

		};
		new MockFilterChain(servlet, filters).doFilter(request, new MockHttpServletResponse());
	}

	@Test
	void whoTakesAllAttributesOutKeepsTheSession() throws Exception {
		String id = a.begin();

		request(a, id, (request) -> {
			HttpSession session = request.getSession();
			Collections.list(session.getAttributeNames()).forEach(session::removeAttribute);
			session.setAttribute("cart", "empty");
		});

		assertThat(b.read(id).<String>getAttribute("cart")).isEqualTo("empty");
	}

	@Test
	void whoCopiesAllAttributesIntoANewSessionHasASessionOfItsOwn() throws Exception {
		String id = a.begin();
		SharedSession before = a.read(id);
		List<String> ids = new ArrayList<>();

		request(a, id, (request) -> {
			HttpSession old = request.getSession();
			old.setAttribute("cart", "three apples");
			Object key = old.getAttribute(SessionKey.ATTRIBUTE);
			old.invalidate();
			HttpSession session = request.getSession();
			session.setAttribute(SessionKey.ATTRIBUTE, key);
			session.setAttribute("cart", "three apples");
			ids.add(session.getId());
		});

		SharedSession after = b.read(ids.get(0));
		assertThat(after.key()).isNotEqualTo(before.key());
		after.setAttribute("cart", "four apples");
		b.sessions().save(after);
		assertThat(a.read(ids.get(0)).<String>getAttribute("cart")).isEqualTo("four apples");
	}

	@Test
	void whoInvalidatesASessionAfterChangingItsIdHasEndedIt() throws Exception {
		String id = a.begin();
		Link there = b.open(id);

		request(a, id, (request) -> {
			request.getSession();
			request.changeSessionId();
			request.getSession().invalidate();
		});

		assertThat(Node.end(there)).isEqualTo(EndCause.ENDED);
		assertThat(b.sessions().findById(id)).isNull();
	}

	@Test
	void whoInvalidatesASessionWhoseIdAnotherNodeHasChangedMeanwhileHasEndedIt() throws Exception {
		String id = a.begin();
		Link there = b.open(id);
		List<String> ids = new ArrayList<>();

		request(b, id, (request) -> {
			HttpSession session = request.getSession();
			ids.add(a.login(id, "ada"));
			session.invalidate();
		});

		assertThat(Node.end(there)).isEqualTo(EndCause.ENDED);
		assertThat(a.sessions().findById(ids.get(0))).isNull();
	}

	@Test
	void whatAnAsynchronousRequestChangesAfterItsThreadHasGoneIsKept() throws Exception {
		String id = a.begin();
		MockHttpServletRequest request = new MockHttpServletRequest(a.servletContext);
		request.setAsyncSupported(true);
		request.addHeader("X-Auth-Token", id);
		List<HttpSession> sessions = new ArrayList<>();

		serve(a, request, (served) -> {
			sessions.add(served.getSession());
			served.startAsync();
		});
		sessions.get(0).setAttribute("cart", "three apples");
		request.getAsyncContext().complete();

		assertThat(b.read(id).<String>getAttribute("cart")).isEqualTo("three apples");
	}

	@Test
	void whatCouldNotBeKeptIsKeptOnceItCanBe() {
		String id = a.begin();
		SharedSession session = a.read(id);
		session.setAttribute("cart", "three apples");
		session.setAttribute("thread", Thread.currentThread());
		assertThatIllegalStateException().isThrownBy(() -> a.sessions().save(session));

		session.removeAttribute("thread");
		a.sessions().save(session);

		assertThat(b.read(id).<String>getAttribute("cart")).isEqualTo("three apples");
	}

	@Test
	void whatFailsWhileItIsWrittenIsNamed() {
		for (Object bad : Arrays.asList(new Changing(), deep())) {
			SharedSession session = a.read(a.begin());
			session.setAttribute("bad", bad);

			assertThatIllegalStateException().isThrownBy(() -> a.sessions().save(session))
				.withMessageContaining("'bad'");
		}
	}

	private static Object deep() {
		List<Object> innermost = new ArrayList<>();
		List<Object> outer = innermost;
		for (int i = 0; i < 100_000; i++) {
			List<Object> next = new ArrayList<>();
			next.add(outer);
			outer = next;
		}
		return outer;
	}

	@Test
	void aThreadThatIsToStopStillKeepsItsSession() {
		String id = a.begin();
		SharedSession session = a.read(id);
		session.setAttribute("cart", "three apples");

		Thread.currentThread().interrupt();
		a.sessions().save(session);

		assertThat(Thread.interrupted()).isTrue();
		assertThat(b.read(id).<String>getAttribute("cart")).isEqualTo("three apples");
	}

	@Test
	void anEndThatFindsTheConnectionBrokenIsToldOnceItIsMadeAgain() {
		try (TwoNodes own = new TwoNodes()) {
			IntStream.range(0, 20).forEach((i) -> endWhileTheConnectionBreaks(own.redis, own.a, own.b));
		}
	}

	private static void endWhileTheConnectionBreaks(RealRedis redis, Node a, Node b) {
		String id = a.begin();
		Link here = a.open(id);
		Link there = b.open(id);

		redis.ask().clientKill(KillArgs.Builder.skipme());
		here.end(EndCause.KICKED);

		assertThat(Node.end(there)).isEqualTo(EndCause.KICKED);
		await().until(() -> a.cluster.concern() == null && b.cluster.concern() == null);
		await().ignoreException(StoreAwayException.class).until(() -> b.sessions().findById(id) == null);
		await().ignoreException(StoreAwayException.class).until(() -> a.sessions().findById(id) == null);
	}

	@Test
	void aRecordThatIsNoneHarmsNoOther() {
		String broken = a.begin();
		String id = a.begin();
		Link there = b.open(id);
		String hash = Records.hash(b.open(broken).key());
		redis.ask().del("{sessionlink:/app}:link:" + hash);
		redis.ask().set("{sessionlink:/app}:link:" + hash, "no record at all");
		String half = Records.hash(b.open(a.begin()).key());
		redis.ask().hdel("{sessionlink:/app}:link:" + half, "used", "timeout", "created");

		try {
			// Nobody hears of this end.
			redis.ask().set("{sessionlink:/app}:end:" + Records.hash(there.key()), "session-kicked");

			assertThat(Node.end(there)).isEqualTo(EndCause.KICKED);
			assertThat(a.cluster.elsewhere().all()).isNotEmpty();
		}
		finally {
			redis.ask().del("{sessionlink:/app}:link:" + hash, "{sessionlink:/app}:link:" + half);
		}
	}

	@Test
	void whatBlocksWhileItIsReadHoldsUpNobodyElse() throws Exception {
		String slow = a.begin();
		a.open(slow);
		String id = a.begin();
		Link here = a.open(id);
		Link other = a.open(a.begin());
		try (Slow held = new Slow()) {
			SharedSession there = b.read(slow);
			there.setAttribute("slow", held);
			there.setMaxInactiveInterval(Duration.ofMinutes(7));
			b.sessions().save(there);
			await().until(() -> Slow.waiting.get() > 0);

			b.login(other.sessionId(), "ada");
			b.sessions().deleteById(id);
			// Nobody hears of this end: it is looked at.
			String unheard = a.begin();
			Link silent = a.open(unheard);
			redis.ask().set("{sessionlink:/app}:end:" + Records.hash(silent.key()), "session-kicked");

			assertThat(Node.end(here)).isEqualTo(EndCause.ENDED);
			await().untilAsserted(() -> assertThat(other.ownership().name()).isEqualTo("ada"));
			assertThat(Node.end(silent)).isEqualTo(EndCause.KICKED);
			assertThat(Slow.waiting).hasValue(1);
		}
	}

	/** What a request does. */
	private interface Use {

		void in(HttpServletRequest request);

	}

	/** Whose parts change while it is written. */
	private static final class Changing implements Serializable {

		private static final long serialVersionUID = 1;

		private Object writeReplace() {
			throw new ConcurrentModificationException();
		}

	}

	/** Which is read only once it is closed, by who is in no hurry. */
	private static final class Slow implements Serializable, AutoCloseable {

		private static final long serialVersionUID = 1;

		private static final CountDownLatch closed = new CountDownLatch(1);

		static final AtomicInteger waiting = new AtomicInteger();

		private void readObject(ObjectInputStream in) {
			if (Thread.currentThread().getName().startsWith("sessionlink-")) {
				waiting.incrementAndGet();
				try {
					closed.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

		@Override
		public void close() {
			closed.countDown();
		}

	}

}
