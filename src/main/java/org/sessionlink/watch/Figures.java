package org.sessionlink.watch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.sessionlink.link.Link;
import org.sessionlink.link.Links;

import org.springframework.context.annotation.Lazy;

/** What there is of an application in numbers, all but the first two since its start. */
@Lazy(false)
final class Figures {

	private final Links links;

	private final LongAdder told = new LongAdder();

	Figures(Links links) {
		this.links = links;
	}

	/** Returns the numbers of this moment by their names. */
	Map<String, Object> now() {
		int open = 0;
		int sockets = 0;
		for (Link link : this.links.all()) {
			if (link.endCause() == null) {
				open++;
				sockets += link.sockets().size();
			}
		}
		Map<String, Object> now = new LinkedHashMap<>();
		now.put("links", open);
		now.put("sockets", sockets);
		now.put("refusals", this.links.refusals().values().stream().mapToLong(Long::longValue).sum());
		return now;
	}

	/** Takes note of a message that tells of these numbers, and is none of them. */
	void told() {
		this.told.increment();
	}

}
