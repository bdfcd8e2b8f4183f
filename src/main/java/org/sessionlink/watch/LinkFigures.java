package org.sessionlink.watch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.sessionlink.link.CloseCause;
import org.sessionlink.link.Counts;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FrameKind;
import org.sessionlink.link.FrameKind.Direction;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.Recovered;
import org.sessionlink.link.Refused;

/** What is metered of the links of a server: each value of a tag from the start on. */
final class LinkFigures implements Figures {

	/** Behind an end or a refusal there is one of these nearly always. */
	private static final List<String> USUAL_CODES = List.of("1008", "1013");

	private final Links links;

	private final Counts counts;

	private final Set<CloseCause> ofEndsAndRefusals = new HashSet<>();

	LinkFigures(Links links) {
		this.links = links;
		this.counts = links.counts();
		Stream.of(EndCause.values()).map(CloseCause::of).forEach(this.ofEndsAndRefusals::add);
		Stream.of(Refused.values()).map(CloseCause::of).forEach(this.ofEndsAndRefusals::add);
	}

	@Override
	public List<Figure> all() {
		List<Figure> all = new ArrayList<>();
		addGauges(all);
		for (EndCause cause : EndCause.values()) {
			all.add(Figure.count("sessionlink.ended", "Links that have ended", Map.of("cause", cause.reason()),
					() -> this.counts.ends(cause)));
		}
		CloseCause.all().forEach((cause) -> addCloses(cause, all));
		for (Refused reason : Refused.values()) {
			all.add(Figure.count("sessionlink.refused", "What was refused to clients", Map.of("reason", reason.code()),
					() -> this.counts.refusals(reason)));
		}
		for (FrameKind kind : FrameKind.values()) {
			kind.directions().forEach((direction) -> all.add(frames(direction, kind)));
		}
		for (Recovered result : Recovered.values()) {
			all.add(Figure.count("sessionlink.recovered", "Clients that have come back for what they had missed",
					Map.of("result", word(result)), () -> this.counts.recoveries(result)));
		}
		return all;
	}

	private void addGauges(List<Figure> all) {
		all.add(Figure.of("sessionlink.links", null, "Open links, each an HTTP session with its sockets",
				() -> this.links.open().size()));
		all.add(Figure.of("sessionlink.sockets", null, "Open sockets", this.links::socketCount));
		all.add(Figure.of("sessionlink.outbox.waiting", "bytes", "What waits for clients to read it",
				() -> this.links.all()
					.stream()
					.flatMap((link) -> link.sockets().stream())
					.mapToLong(LinkedSocket::waiting)
					.sum()));
	}

	// Of hundreds of pairs that never are one series would stay for each.
	private void addCloses(CloseCause cause, List<Figure> all) {
		List<String> own = this.ofEndsAndRefusals.contains(cause) ? USUAL_CODES : Counts.codes();
		List<String> others = new ArrayList<>(Counts.codes());
		others.removeAll(own);
		own.forEach((code) -> all.add(closes(code, cause, List.of(code))));
		if (!others.isEmpty()) {
			all.add(closes(Counts.OTHER, cause, others));
		}
	}

	private Figure closes(String code, CloseCause cause, List<String> codes) {
		return Figure.count("sessionlink.closed", "Sockets that have closed",
				Map.of("code", code, "cause", cause.word()),
				() -> codes.stream().mapToLong((one) -> this.counts.closes(one, cause)).sum());
	}

	private Figure frames(Direction direction, FrameKind kind) {
		return Figure.count("sessionlink.frames", "Frames of STOMP that have gone through sockets",
				Map.of("direction", word(direction), "command", kind.name()),
				() -> this.counts.frames(direction, kind));
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
