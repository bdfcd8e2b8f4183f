package org.sessionlink.watch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Subscription;
import org.sessionlink.watch.LinkPages.Page;
import tools.jackson.databind.json.JsonMapper;

/**
 * A console at the other end of a socket: what it looks at, and what it has been told.
 * One round after the other asks it, and whoever writes says that it has taken the last.
 */
final class Onlooker {

	/** What goes by itself: consoles count it. */
	private static final String COUNTED = "remainingSeconds";

	private static final int WHOLE_SECONDS = "1970-01-01T00:00:00".length();

	private static final JsonMapper json = new JsonMapper();

	private final LinkedSocket socket;

	private final Subscription subscription;

	private final @Nullable LinkQuery query;

	private volatile boolean ready = true;

	private Map<String, String> told = Map.of();

	Onlooker(LinkedSocket socket, Subscription subscription, @Nullable LinkQuery query) {
		this.socket = socket;
		this.subscription = subscription;
		this.query = query;
	}

	String socketId() {
		return this.socket.id();
	}

	/** Returns which links it shows, or null for none. */
	@Nullable LinkQuery query() {
		return this.query;
	}

	/** Returns whether it may hear more, and wants to. */
	boolean isThere() {
		return !this.socket.isOver() && this.socket.socketLink().link().endCause() == null
				&& this.subscription.getAsBoolean()
				&& this.socket.socketLink().subscriptions().get(this.subscription.id()) == this.subscription
				&& Operators.mayLook(this.socket.socketLink().identity());
	}

	/** Returns whether it has taken what it was told. */
	boolean isReady() {
		return this.ready;
	}

	/** Remembers that it is told more now. */
	void takes() {
		this.ready = false;
	}

	void hasTaken() {
		this.ready = true;
	}

	/** Returns the figures, and what has changed of the page that it shows. */
	Map<String, Object> news(Map<String, Object> figures, @Nullable Page page) {
		Map<String, Object> news = new LinkedHashMap<>();
		news.put("figures", figures);
		if (page != null) {
			news.put("page", page.page());
			news.put("total", page.total());
			news.put("silentNodes", page.silentNodes());
			news.put("order", page.links().stream().map(LinkView::link).toList());
			news.put("rows", changed(page.links()));
		}
		return news;
	}

	private List<Map<?, ?>> changed(List<LinkView> rows) {
		Map<String, String> now = new HashMap<>();
		List<Map<?, ?>> changed = rows.stream()
			.<Map<?, ?>>map((row) -> json.convertValue(row, Map.class))
			.filter((row) -> {
				String link = String.valueOf(row.get("link"));
				String said = said(row);
				now.put(link, said);
				return !said.equals(this.told.get(link));
			})
			.toList();
		this.told = now;
		return changed;
	}

	// Times are computed each time, and differ by what nobody sees.
	private static String said(Map<?, ?> row) {
		StringBuilder said = new StringBuilder();
		row.forEach((name, value) -> {
			if (!COUNTED.equals(name)) {
				String text = String.valueOf(value);
				boolean isTime = text.endsWith("Z") && text.length() > WHOLE_SECONDS && text.charAt(10) == 'T';
				said.append(isTime ? text.substring(0, WHOLE_SECONDS) : text).append('\n');
			}
		});
		return said.toString();
	}

}
