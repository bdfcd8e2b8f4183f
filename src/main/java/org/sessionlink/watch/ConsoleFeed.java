package org.sessionlink.watch;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Crew;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.Notices;
import org.sessionlink.link.OpenSockets;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.Telling;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

/**
 * Tells each console, at most once a second, what has changed of what it shows. While
 * nobody looks nothing is counted or listed.
 *
 * <p>
 * Safe for use by any thread. Who looks is in one map, by socket; the rounds follow each
 * other on a thread that may wait, and whether they go on is decided under the lock, so
 * that none begins beside another and none is missing. What a slow console has not taken
 * yet is not followed by more.
 */
@Lazy(false)
final class ConsoleFeed implements DisposableBean {

	private static final Duration PAUSE = Duration.ofSeconds(1);

	/** Of several servers, which are asked for all that they have. */
	private static final Duration LONGER_PAUSE = Duration.ofSeconds(3);

	private final Links links;

	private final LinkPages pages;

	private final ConsoleFigures figures;

	private final Notices notices;

	private final OpenSockets sockets;

	private final Duration pause;

	private final ConcurrentMap<String, Onlooker> onlookers = new ConcurrentHashMap<>();

	private boolean goesOn;

	private boolean over;

	ConsoleFeed(Links links, LinkPages pages, ConsoleFigures figures, Notices notices, OpenSockets sockets,
			Elsewhere elsewhere) {
		this.links = links;
		this.pages = pages;
		this.figures = figures;
		this.notices = notices;
		this.sockets = sockets;
		this.pause = (elsewhere.name() != null) ? LONGER_PAUSE : PAUSE;
	}

	// First, as a listener of the application may fail.
	@EventListener
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void onSubscribe(SessionSubscribeEvent event) {
		StompHeaderAccessor headers = StompHeaderAccessor.wrap(event.getMessage());
		String id = headers.getSessionId();
		LinkedSocket socket = (id != null) ? this.sockets.find(id) : null;
		if (socket == null || !this.sockets.ofUsers(Notices.OPERATORS).equals(headers.getDestination())) {
			return;
		}
		Subscription subscription = subscription(headers);
		if (subscription != null) {
			this.onlookers.put(socket.id(), new Onlooker(socket, subscription, query(headers)));
			begin();
		}
	}

	private static @Nullable Subscription subscription(StompHeaderAccessor headers) {
		SocketLink link = SocketLink.in(headers.getSessionAttributes());
		String id = headers.getSubscriptionId();
		return (link != null && id != null) ? link.subscriptions().get(id) : null;
	}

	// The page asks for the same over HTTP, where it is told what makes no sense.
	private static @Nullable LinkQuery query(SimpMessageHeaderAccessor headers) {
		try {
			return LinkQuery.of(header(headers, "q"), header(headers, "sort"), header(headers, "dir"),
					Integer.parseInt(header(headers, "page")));
		}
		catch (RefusedException | NumberFormatException ex) {
			return null;
		}
	}

	private static String header(SimpMessageHeaderAccessor headers, String name) {
		String value = headers.getFirstNativeHeader(name);
		return (value != null) ? value : "";
	}

	private synchronized void begin() {
		if (!this.goesOn && !this.over) {
			this.goesOn = true;
			hand();
		}
	}

	private void hand() {
		this.links.clock().execute(Crew.TELLING, this, this::round);
	}

	private void round() {
		try {
			this.onlookers.values().removeIf((onlooker) -> !onlooker.isThere());
			if (!this.onlookers.isEmpty()) {
				Map<String, Object> now = this.figures.now();
				this.onlookers.values().forEach((onlooker) -> tell(onlooker, now));
			}
		}
		finally {
			goOn();
		}
	}

	private void tell(Onlooker onlooker, Map<String, Object> now) {
		if (onlooker.isReady()) {
			Telling.tell("The look at what a console shows", () -> {
				LinkQuery query = onlooker.query();
				Map<String, Object> news = onlooker.news(now, (query != null) ? this.pages.page(query) : null);
				this.figures.told();
				onlooker.takes();
				this.notices.tell(onlooker.socketId(), Notices.OPERATORS, news, onlooker::hasTaken);
			});
		}
	}

	private synchronized void goOn() {
		this.goesOn = !this.onlookers.isEmpty() && !this.over;
		if (this.goesOn) {
			this.links.clock().schedule(this::hand, this.pause);
		}
	}

	@Override
	public synchronized void destroy() {
		this.over = true;
		this.onlookers.clear();
	}

}
