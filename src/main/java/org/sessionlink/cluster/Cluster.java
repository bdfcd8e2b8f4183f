package org.sessionlink.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.sessionlink.history.LogAwayException;
import org.sessionlink.history.MessageLog;
import org.sessionlink.link.Links;
import org.sessionlink.link.Timed;
import org.sessionlink.link.Telling;
import org.sessionlink.link.UserLimit;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.watch.Elsewhere;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.HttpSessionIdResolver;
import org.springframework.session.web.http.SessionRepositoryFilter;

/**
 * This server as one of several, which share their sessions in Redis.
 *
 * <p>
 * Two threads of its own: one for the pulse, so that whatever else waits for Redis it is
 * known whether that is there; one for news, and for looking at all links now and then. A
 * third for presence, where there is any.
 */
public final class Cluster implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Cluster.class);

	private static final Duration PULSE = Duration.ofSeconds(1);

	/** Below the ten seconds within which every node knows of an end (B22). */
	private static final Duration LOOK = Duration.ofMillis(8_000);

	private static final Duration SWEEP = Duration.ofMinutes(1);

	private static final int JITTER_MILLIS = 1_000;

	private static final Duration LAST_WORDS = Duration.ofSeconds(2);

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final ScheduledThreadPoolExecutor pulse = thread("sessionlink-store-pulse");

	private final ScheduledThreadPoolExecutor news = thread("sessionlink-store-news");

	private final Duration pace;

	private final Redis redis;

	private final Nodes nodes;

	private final Questions questions;

	private final KeptLinks kept;

	private final Ends ends;

	private final Places places;

	private final StoreWatch watch;

	private final SharedLinks sharedLinks;

	private final SharedSessions sessions;

	private final Links links;

	private final SessionLinks sessionLinks;

	private final SharedPresence presence;

	private final Turns turns;

	private final SharedSends sends;

	private volatile @Nullable RedisLog log;

	/**
	 * Makes what shares the links and sessions of an application, and takes their place.
	 * @param timeout of new sessions, or null for the container's
	 * @param limit of sessions that a user may have
	 */
	public Cluster(RedisSettings settings, Links links, SessionLinks sessionLinks, ServletContext servletContext,
			@Nullable Duration timeout, UserLimit limit) {
		this(settings, links, sessionLinks, servletContext, timeout, limit, PULSE);
	}

	/**
	 * Makes one with another pace.
	 * @param pace from one pulse to the next
	 */
	Cluster(RedisSettings settings, Links links, SessionLinks sessionLinks, ServletContext servletContext,
			@Nullable Duration timeout, UserLimit limit, Duration pace) {
		String url = settings.url();
		if (url == null) {
			throw new IllegalArgumentException("sessionlink.redis.url is missing");
		}
		this.pace = pace;
		this.links = links;
		this.sessionLinks = sessionLinks;
		this.nodes = new Nodes(UUID.randomUUID().toString(), host() + ":" + servletContext.getContextPath());
		this.redis = new Redis(url, "{" + namespace(settings, servletContext) + "}:", List.of("news", RedisLog.CHANNEL,
				SharedSends.CHANNEL, Questions.ASK, Questions.ANSWER + this.nodes.id()), this::hear);
		this.redis.timed((nanos) -> links.timings().took(Timed.STORE_COMMAND, nanos));
		Records records = new Records(this.redis, servletContext.getClassLoader());
		this.turns = records.turns();
		this.ends = new Ends(records, System::nanoTime);
		this.watch = new StoreWatch(this.redis, this.nodes, settings.grace(), this::firstOfAll, System::nanoTime);
		this.questions = new Questions(this.redis, this.nodes);
		this.kept = new KeptLinks(this.redis, this.watch);
		LocalLinks local = new LocalLinks(links);
		this.sharedLinks = new SharedLinks(records, this.watch, local, this.ends, settings.grace(),
				new Followers(local, this::follow)::follow);
		this.places = new Places(this.redis, this.watch, local, this.ends, limit, this.nodes.id());
		this.sessions = new SharedSessions(records, this.watch, local, this.sharedLinks, this.places, sessionLinks,
				servletContext,
				(timeout != null) ? timeout : Duration.ofMinutes(Math.max(0, servletContext.getSessionTimeout())));
		this.presence = new SharedPresence(this.redis, this.nodes, this.watch, thread("sessionlink-store-presence"));
		links.shareWith(this.sharedLinks);
		links.shareWith(this.places);
		this.sends = new SharedSends(this.redis, this.watch, this.nodes.id());
		links.shareWith(this.sends);
		sessionLinks.shareWith(this.sessions);
	}

	private static String host() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

	// A context path may be within another's.
	private static String namespace(RedisSettings settings, ServletContext servletContext) {
		return (settings.namespace() != null) ? settings.namespace() : "sessionlink:" + servletContext.getContextPath();
	}

	private static ScheduledThreadPoolExecutor thread(String name) {
		ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread made = new Thread(task, name);
			made.setDaemon(true);
			return made;
		}, new ThreadPoolExecutor.DiscardPolicy());
		thread.setRemoveOnCancelPolicy(true);
		return thread;
	}

	/** Gives requests their sessions, by filters before all that come later. */
	public void addFilters(ServletContext servletContext) {
		CookieHttpSessionIdResolver cookies = new CookieHttpSessionIdResolver();
		cookies.setCookieSerializer(new SessionCookie(servletContext));
		filters(cookies).forEach((filter) -> add(servletContext, filter));
	}

	/** Returns the filters, in their order. */
	List<Filter> filters(HttpSessionIdResolver ids) {
		SessionRepositoryFilter<SharedSession> filter = new SessionRepositoryFilter<>(this.sessions);
		filter.setHttpSessionIdResolver(ids);
		return List.of(new SessionsFilter(this.links, this.sessions::save), filter, new UseFilter(this.sessionLinks));
	}

	private static void add(ServletContext servletContext, Filter filter) {
		FilterRegistration.Dynamic registration = servletContext
			.addFilter("sessionLink" + filter.getClass().getSimpleName(), filter);
		registration.setAsyncSupported(true);
		registration.addMappingForUrlPatterns(
				EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR), false, "/*");
	}

	/** Returns whether an application keeps its sessions itself as well. */
	public boolean hasRivalsIn(ListableBeanFactory beans) {
		return beans.getBeanNamesForType(SessionRepository.class, true, false).length > 0;
	}

	/** Connects, and begins to look after things; a Redis that is away is waited for. */
	public void start() {
		beat();
		this.pulse.scheduleWithFixedDelay(() -> Telling.tell("The pulse of the session store", this::beat),
				this.pace.toMillis(), this.pace.toMillis(), TimeUnit.MILLISECONDS);
		this.news.scheduleWithFixedDelay(
				() -> Telling.tell("Forgetting links whose records are gone", () -> unlessAway(this.kept::sweep)),
				SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
		lookSoon();
		this.presence.start();
	}

	private void beat() {
		if (this.watch.pulse()) {
			later(this.sharedLinks::catchUp);
			later(this.places::catchUp);
			later(this.sends::tellMissed);
			later(this.sharedLinks::lookAtAll);
		}
		else if (this.watch.isUp()) {
			if (this.ends.untold() > 0) {
				later(this.ends::tellAll);
			}
			if (this.places.missSome()) {
				later(this.places::countMissed);
			}
			if (this.sends.missSome()) {
				later(this.sends::tellMissed);
			}
		}
		if (this.watch.isAwayForLong()) {
			this.sharedLinks.closeSockets();
		}
		this.presence.beat();
	}

	private void lookSoon() {
		this.news.schedule(() -> {
			Telling.tell("A look at the records of links", () -> unlessAway(this.sharedLinks::lookAtAll));
			Telling.tell("A look at what is kept", () -> unlessAway(this::compareKept));
			Telling.tell("A look at what other nodes handle", this.sends::look);
			lookSoon();
		}, millisToNextLook(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Returns after how long what news may have missed is looked at: never all at once.
	 */
	static long millisToNextLook() {
		return LOOK.toMillis() + ThreadLocalRandom.current().nextInt(JITTER_MILLIS);
	}

	private void hear(String channel, byte[] message) {
		RedisLog kept = this.log;
		if (channel.equals(RedisLog.CHANNEL)) {
			if (kept != null) {
				kept.hear(message);
			}
			return;
		}
		String text = Redis.text(message);
		if (channel.equals("news")) {
			later(() -> this.sharedLinks.news(text));
		}
		else if (channel.equals(SharedSends.CHANNEL)) {
			later(() -> this.sends.hear(text));
		}
		else if (channel.startsWith(PresenceTalk.CHANNEL)) {
			this.presence.hear(text);
		}
		else {
			this.questions.hear(channel, text);
		}
	}

	private void firstOfAll() {
		this.ends.tellAgain();
		compareKept();
	}

	private void compareKept() {
		RedisLog kept = this.log;
		if (kept != null) {
			kept.compare();
		}
	}

	private void later(Runnable task) {
		this.news.execute(() -> Telling.tell("What other nodes have told", () -> unlessAway(task)));
	}

	// What cannot be looked at now is looked at again (B22).
	private static void unlessAway(Runnable task) {
		try {
			task.run();
		}
		catch (StoreAwayException | LogAwayException ex) {
			logger.debug("The session store went away meanwhile", ex);
		}
	}

	private void follow(String hash) {
		this.sessions.follow(hash);
	}

	/** Returns which nodes there are. */
	Nodes nodes() {
		return this.nodes;
	}

	/** Returns what shares who is there with other nodes. */
	public SharedPresence presence() {
		return this.presence;
	}

	/** Returns what there is of the application's links on other nodes. */
	public Elsewhere elsewhere() {
		return new OtherServers(this.nodes, this.questions, this.kept, this.ends);
	}

	/**
	 * Returns what all nodes keep of messages, for who asks last.
	 * @param memory how many bytes all of it may take; 0 for any number
	 */
	public MessageLog messageLog(int memory) {
		RedisLog made = new RedisLog(this.redis, this.watch, this.turns, memory);
		this.log = made;
		return made;
	}

	/** Returns what knows whether the store is there. */
	StoreWatch watch() {
		return this.watch;
	}

	/** Returns the sessions of all nodes. */
	SharedSessions sessions() {
		return this.sessions;
	}

	/** Returns what is wrong with the store, for operators, or null. */
	public @Nullable String concern() {
		return this.watch.concern();
	}

	/** Returns how often the store has gone away. */
	public long outages() {
		return this.watch.outages();
	}

	/** Returns how many nodes there are, this one among them, as far as it has heard. */
	public int size() {
		return 1 + this.nodes.others().size();
	}

	/** Returns whether sessions will be thrown away when the store is full. */
	public boolean throwsAway() {
		return this.watch.throwsAway();
	}

	/** Returns whether people can be served, or soon will. */
	public boolean ready() {
		return this.watch.ready();
	}

	/**
	 * Tells the ends that could not be told, for two seconds at most, and lets go of all
	 * threads.
	 */
	@Override
	public void close() {
		leave();
		Redis.awaitLastThread();
	}

	/** Does the same, but for the last thread, which ends by itself. */
	void leave() {
		this.news.shutdownNow();
		this.presence.close();
		long end = System.nanoTime() + LAST_WORDS.toNanos();
		while (this.ends.untold() > 0 && System.nanoTime() - end < 0) {
			unlessAway(this.ends::tellAll);
			LockSupport.parkNanos(PAUSE.toNanos());
		}
		this.pulse.shutdownNow();
		this.questions.close();
		unlessAway(() -> this.redis.run(Script.LEAVE, List.of(Redis.bytes(this.nodes.id()))));
		this.redis.close();
	}

}
