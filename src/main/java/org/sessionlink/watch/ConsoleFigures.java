package org.sessionlink.watch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.sessionlink.link.Counts;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FrameKind;
import org.sessionlink.link.FrameKind.Direction;
import org.sessionlink.link.Links;

import org.springframework.context.annotation.Lazy;

/**
 * What there is of an application on this server, in numbers: all but links and sockets
 * since its start.
 */
@Lazy(false)
final class ConsoleFigures {

	private final Links links;

	private final Elsewhere elsewhere;

	private final LongAdder told = new LongAdder();

	ConsoleFigures(Links links, Elsewhere elsewhere) {
		this.links = links;
		this.elsewhere = elsewhere;
	}

	/** Returns the numbers of this moment by their names. */
	Map<String, Object> now() {
		Map<String, Object> now = new LinkedHashMap<>();
		String node = this.elsewhere.name();
		if (node != null) {
			now.put("node", node);
		}
		now.put("now", this.links.clock().now().toString());
		now.put("links", this.links.open().size());
		now.put("sockets", this.links.socketCount());
		now.put("messages", messages());
		now.put("refusals", this.links.refusals().values().stream().mapToLong(Long::longValue).sum());
		now.put("ends", ends());
		return now;
	}

	private long messages() {
		Counts counts = this.links.counts();
		long all = counts.frames(Direction.IN, FrameKind.SEND) + counts.frames(Direction.OUT, FrameKind.MESSAGE);
		return Math.max(0, all - this.told.sum());
	}

	private Map<String, Long> ends() {
		Map<String, Long> ends = new LinkedHashMap<>();
		for (EndCause cause : EndCause.values()) {
			ends.put(cause.reason(), this.links.counts().ends(cause));
		}
		return ends;
	}

	/** Takes note of a message that tells of these numbers, and is none of them. */
	void told() {
		this.told.increment();
	}

}
