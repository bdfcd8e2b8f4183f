package org.sessionlink.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.sessionlink.journey.people.People;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several nodes of the same applications: containers that share one Redis, each over a
 * {@link Cable} of its own, and one broker.
 *
 * <p>
 * With the system property {@code it.nodes} they are {@code two}, Jetty and Tomcat with
 * the Redis and the broker that come as jars, or {@code three}, WildFly too, with those
 * that are installed.
 */
final class Nodes implements AutoCloseable {

	/** Accounts of ada and bob, at every setting's default. */
	static final String PEOPLE = "sessionlink";

	/** The same, with sessions of {@link #BRIEF_SECONDS}. */
	static final String BRIEF = "brief";

	/** The same, where each has one session, and the oldest ends. */
	static final String SINGLE = "single";

	/** The same, where each has one session, and the newest is refused. */
	static final String ONCE = "once";

	/** The same, with little patience with a store that is away. */
	static final String IMPATIENT = "impatient";

	/** Somebody else's application. */
	static final String SHOP = "shop";

	/** The same, with a session cookie as its deployer wants it. */
	static final String COOKIE = "cookie";

	/** The same, with a broker that all nodes share. */
	static final String RELAYED = "relayed";

	/** The same, which keeps messages for all nodes. */
	static final String KEPT = "kept";

	/** The WAR under test, which keeps much of {@code /topic/cuts/*} for all nodes. */
	static final String CUTS = "cuts";

	/**
	 * Locked by journeys of the last phase in which something happens to nodes that
	 * others use as well.
	 */
	static final String CALM = "calm nodes";

	static final int BRIEF_SECONDS = 4;

	static final int IMPATIENT_SECONDS = 3;

	/** Whether they are three. */
	static final boolean THREE = "three".equals(System.getProperty("it.nodes"));

	private static final String DESTINATIONS = "sessionlink.destinations.send=/app/**, /topic/**\n"
			+ "sessionlink.destinations.subscribe=/topic/staff/**=STAFF, /topic/**, /queue/**, /user/queue/**\n"
			+ "sessionlink.destinations.presence=/topic/room.*\nsessionlink.presence-grace=5s\n";

	private static final Executor threads = (task) -> new Thread(task).start();

	private final Redis redis;

	private final Broker broker;

	private final List<Cable> cables;

	private final List<Container> containers;

	private final Set<String> applications;

	private Nodes(List<String> applications, Map<String, War> more) {
		this(applications, more, Duration.ZERO);
	}

	private Nodes(List<String> applications, Map<String, War> more, Duration ahead) {
		CompletableFuture<Redis> startingRedis = CompletableFuture
			.supplyAsync(() -> THREE ? Redis.installed() : Redis.bundled(), threads);
		this.broker = THREE ? RabbitMq.installed() : Artemis.bundled();
		this.redis = startingRedis.join();
		List<String> names = names();
		this.cables = names.stream().map((name) -> new Cable(this.redis.port())).toList();
		Map<String, War> wars = new LinkedHashMap<>(more);
		applications.forEach((application) -> wars.put(application, war(application)));
		this.applications = wars.keySet();
		this.containers = IntStream.range(0, names.size())
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> start(names.get(i), wars, this.cables.get(i),
					(i == names.size() - 1) ? ahead : Duration.ZERO), threads))
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.toList();
	}

	private static Container start(String name, Map<String, War> wars, Cable cable, Duration ahead) {
		return Container.startNode(name, wars,
				List.of("-Dsessionlink.redis.url=" + Redis.url(cable.port()), "-Dsessionlink.drain=2s"), ahead);
	}

	private static List<String> names() {
		return THREE ? List.of("jetty", "tomcat", "wildfly39") : List.of("jetty", "tomcat");
	}

	private War war(String application) {
		return switch (application) {
			case PEOPLE -> people("");
			case BRIEF -> people("sessionlink.session-timeout=" + BRIEF_SECONDS + "s\nsessionlink.expiry-warning=1s\n");
			case SINGLE -> people("sessionlink.limits.sessions-per-user=1\n");
			case ONCE -> people("sessionlink.limits.sessions-per-user=1\n"
					+ "sessionlink.limits.sessions-per-user.when=refuse-new\n");
			case IMPATIENT -> people("sessionlink.redis.grace=" + IMPATIENT_SECONDS + "s\n");
			case COOKIE -> War.embedding(Shop.class.getPackage(), DESTINATIONS).and("WEB-INF/web.xml", cookie());
			case SHOP -> War.embedding(Shop.class.getPackage(), DESTINATIONS);
			case KEPT -> War.embedding(Shop.class.getPackage(), DESTINATIONS + """
					sessionlink.destinations.keep=/topic/last/** replay=last, /topic/kept/**, /user/queue/me
					sessionlink.limits.frames-per-second=0
					""");
			case CUTS -> War.withSettings("""
					sessionlink.destinations.send=/app/**, /topic/**
					sessionlink.destinations.keep=/topic/cuts/* count=0 size=32MB age=10m
					sessionlink.history.memory=64MB
					sessionlink.limits.frames-per-second=0
					sessionlink.limits.send-buffer=4MB
					sessionlink.operator.name=ada
					sessionlink.operator.password=correct horse
					""");
			case RELAYED -> War.embedding(Shop.class.getPackage(), DESTINATIONS + this.broker.settings());
			default -> throw new IllegalArgumentException(application);
		};
	}

	/** Returns a deployment descriptor that says how the session cookie is. */
	private static String cookie() {
		return """
				<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
				  <session-config>
				    <cookie-config>
				      <name>SID</name>
				      <path>/</path>
				      <max-age>3600</max-age>
				      <attribute>
				        <attribute-name>SameSite</attribute-name>
				        <attribute-value>Strict</attribute-value>
				      </attribute>
				    </cookie-config>
				  </session-config>
				</web-app>
				""";
	}

	private static War people(String settings) {
		return War.withSettingsAndClasses(settings, People.class.getPackage());
	}

	/**
	 * Returns those for journeys beside each other, which nothing happens to but under a
	 * lock.
	 */
	static Nodes calm() {
		return Calm.NODES;
	}

	/** Returns those that faults happen to, for one journey at a time. */
	static Nodes faulty() {
		return Faulty.NODES;
	}

	/** Starts some with further applications, by their contexts; close them. */
	static Nodes start(Map<String, War> applications) {
		return new Nodes(List.of(PEOPLE), applications);
	}

	/**
	 * Starts some, the clock of the last of which is ahead by so much, with further
	 * applications, by their contexts; close them.
	 */
	static Nodes apart(Duration ahead, List<String> applications, Map<String, War> more) {
		return new Nodes(applications, more, ahead);
	}

	/** Returns a browser of one person at all nodes. */
	Roamer roamer(String application) {
		return new Roamer(this, application);
	}

	/** Returns a person who has logged in at the first node, in a new browser. */
	Roamer loggedIn(String application, String name) {
		Roamer roamer = roamer(application);
		roamer.first().login(name, People.PASSWORD);
		return roamer;
	}

	Redis redis() {
		return this.redis;
	}

	Broker broker() {
		return this.broker;
	}

	/** Returns the way to the Redis of a node. */
	Cable cable(int node) {
		return this.cables.get(node);
	}

	Container container(int node) {
		return this.containers.get(node);
	}

	int size() {
		return this.containers.size();
	}

	/** Returns the number of the last node. */
	int last() {
		return size() - 1;
	}

	/** Returns the status of each node's readiness. */
	List<Integer> health(String application) {
		return IntStream.range(0, size()).mapToObj((node) -> readiness(application, node).statusCode()).toList();
	}

	/** Returns what a node says of its readiness. */
	String health(String application, int node) {
		return readiness(application, node).body();
	}

	private HttpResponse<String> readiness(String application, int node) {
		return new Visitor(container(node), application).get("/health/ready");
	}

	/** Waits until each application of each node is ready, and has no concern. */
	void awaitReadiness() {
		this.applications
			.forEach((application) -> await().atMost(Duration.ofMinutes(1))
				.untilAsserted(() -> assertThat(IntStream.range(0, size()).boxed())
					.extracting((node) -> health(application, node))
					.containsOnly("{\"status\":\"ready\",\"concerns\":[]}")));
	}

	/** Returns the lines that any node has logged with this in it. */
	List<String> logged(String part) {
		return this.containers.stream()
			.flatMap((container) -> container.log().lines())
			.filter((line) -> line.contains(part))
			.toList();
	}

	@Override
	public void close() {
		List<AutoCloseable> all = new ArrayList<>(this.containers);
		all.addAll(this.cables);
		all.addAll(List.of(this.redis, this.broker));
		for (AutoCloseable each : all) {
			try {
				each.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	@Override
	public String toString() {
		return this.containers.toString();
	}

	/** Starts with the first who asks for it, and ends with the tests. */
	private static final class Calm {

		static final Nodes NODES = new Nodes(List.of(PEOPLE, BRIEF, SINGLE, ONCE, COOKIE, SHOP, RELAYED), Map.of());

		private Calm() {
		}

	}

	/** The same. */
	private static final class Faulty {

		static final Nodes NODES = new Nodes(List.of(PEOPLE, BRIEF, IMPATIENT, RELAYED, KEPT, CUTS), Map.of());

		private Faulty() {
		}

	}

}
