package org.sessionlink;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.management.OperatingSystemMXBean;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.store.Identities;

import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.awaitility.Awaitility.await;

/**
 * Messages through a broker elsewhere, by SessionLink's relay and by plain Spring's:
 * deliveries, their processor time, that of ActiveMQ Artemis in the same process
 * included, and round trips. Round 0 is there to get warm; the system property
 * {@code benchmarks.rounds} says how many come after it.
 */
public final class RelayBench {

	private static final int SUBSCRIBERS = 100;

	private static final int AT_ONCE = 50;

	private static final int BATCHES = 100;

	private static final int ROUND_TRIPS = 2_000;

	private static final int ROUNDS = Integer.getInteger("benchmarks.rounds", 5);

	private static int port;

	private RelayBench() {
	}

	/** Prints a line for each round and side. */
	public static void run() throws Exception {
		try (Artemis broker = Artemis.own()) {
			port = broker.port();
			for (int round = 0; round <= ROUNDS; round++) {
				boolean first = round % 2 == 0;
				measure(round, first ? OfSpring.class : OfSessionLink.class);
				measure(round, first ? OfSessionLink.class : OfSpring.class);
			}
		}
	}

	private static void measure(int round, Class<?> application) throws Exception {
		try (Server server = new Server(application)) {
			List<Counting> peers = new ArrayList<>();
			for (int i = 0; i < SUBSCRIBERS; i++) {
				peers.add(server.subscriber("/topic/all"));
			}
			SimpMessagingTemplate template = server.context.getBean("brokerMessagingTemplate",
					SimpMessagingTemplate.class);
			String body = "x".repeat(200);
			publish(template, peers, body, BATCHES / 4);
			long cpu = cpu();
			long start = System.nanoTime();
			publish(template, peers, body, BATCHES);
			double seconds = (System.nanoTime() - start) / 1e9;
			double micros = (cpu() - cpu) / 1e3 / (SUBSCRIBERS * AT_ONCE * BATCHES);
			long[] trips = roundTrips(server);
			System.out.printf("%d %-14s %,9.0f deliveries/s  %5.1f us of processor time each  round trip %,4d us (p50) "
					+ "%,5d us (p99)%n", round, application.getSimpleName(),
					SUBSCRIBERS * AT_ONCE * BATCHES / seconds, micros, trips[trips.length / 2] / 1_000,
					trips[trips.length * 99 / 100] / 1_000);
		}
	}

	private static void publish(SimpMessagingTemplate template, List<Counting> peers, String body, int batches)
			throws InterruptedException {
		for (int batch = 0; batch < batches; batch++) {
			CountDownLatch all = new CountDownLatch(AT_ONCE * peers.size());
			peers.forEach((peer) -> peer.next.set(all));
			for (int i = 0; i < AT_ONCE; i++) {
				template.convertAndSend("/topic/all", body);
			}
			if (!all.await(60, TimeUnit.SECONDS)) {
				throw new IllegalStateException(all.getCount() + " messages are lost");
			}
		}
	}

	private static long[] roundTrips(Server server) throws Exception {
		Counting peer = server.subscriber("/topic/trip");
		long[] nanos = new long[ROUND_TRIPS];
		for (int i = 0; i < ROUND_TRIPS; i++) {
			CountDownLatch back = new CountDownLatch(1);
			peer.next.set(back);
			long start = System.nanoTime();
			server.handle(peer, "SEND\ndestination:/topic/trip\n\nhello\0");
			if (!back.await(60, TimeUnit.SECONDS)) {
				throw new IllegalStateException("A message is lost");
			}
			nanos[i] = System.nanoTime() - start;
		}
		Arrays.sort(nanos);
		return nanos;
	}

	private static long cpu() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
	}

	private static final class Server implements AutoCloseable {

		private final StartingContext servletContext = new StartingContext();

		private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

		private final WebSocketHandler endpoint;

		Server(Class<?> application) {
			this.servletContext.addInitParameter("sessionlink.destinations.send", "/topic/**");
			this.servletContext.addInitParameter("sessionlink.limits.frames-per-second", "0");
			// Its sockets answer no pings.
			this.servletContext.addInitParameter("sessionlink.heartbeat", "0");
			if (application == OfSessionLink.class) {
				new SessionLinkInitializer().onStartup(this.servletContext);
			}
			this.context.setServletContext(this.servletContext);
			this.context.register(application);
			this.context.refresh();
			SimpleUrlHandlerMapping mapping = this.context.getBean("stompWebSocketHandlerMapping",
					SimpleUrlHandlerMapping.class);
			StompBrokerRelayMessageHandler relay = this.context.getBean(StompBrokerRelayMessageHandler.class);
			await().until(relay::isBrokerAvailable);
			this.endpoint = ((WebSocketHttpRequestHandler) mapping.getUrlMap().get("/stomp")).getWebSocketHandler();
		}

		Counting subscriber(String destination) throws Exception {
			Counting peer = new Counting();
			Links links = this.context.getBeanProvider(Links.class).getIfAvailable();
			if (links != null) {
				Link link = links.open(peer.getId(), peer.getId(), Home.GONE);
				new SocketLink(link, Identity.ANONYMOUS, link.sessionId(), null, Identities::of)
					.putInto(peer.getAttributes());
			}
			this.endpoint.afterConnectionEstablished(peer);
			CountDownLatch connected = new CountDownLatch(1);
			peer.answer.set(connected);
			handle(peer, "CONNECT\naccept-version:1.2\n\n\0");
			connected.await(30, TimeUnit.SECONDS);
			CountDownLatch subscribed = new CountDownLatch(1);
			peer.answer.set(subscribed);
			handle(peer, "SUBSCRIBE\nid:s\nreceipt:r\ndestination:" + destination + "\n\n\0");
			subscribed.await(30, TimeUnit.SECONDS);
			return peer;
		}

		void handle(Counting peer, String frame) throws Exception {
			this.endpoint.handleMessage(peer, new TextMessage(frame));
		}

		@Override
		public void close() {
			this.context.close();
			if (Installation.isIn(this.servletContext)) {
				this.servletContext.stop();
			}
		}

	}

	private static final class Counting extends QuietSession {

		private final AtomicReference<CountDownLatch> next = new AtomicReference<>(new CountDownLatch(0));

		private final AtomicReference<CountDownLatch> answer = new AtomicReference<>(new CountDownLatch(0));

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			String text = (message instanceof TextMessage frame) ? frame.getPayload() : "";
			(text.startsWith("MESSAGE") ? this.next : this.answer).get().countDown();
		}

	}

	/** The application of both sides. */
	static class Relaying extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableStompBrokerRelay("/topic/").setRelayPort(port);
		}

	}

	/** With SessionLink. */
	@Configuration
	@EnableSessionLink
	static class OfSessionLink extends Relaying {

	}

	/** Without. */
	@Configuration
	@EnableWebSocketMessageBroker
	static class OfSpring extends Relaying {

	}

}
