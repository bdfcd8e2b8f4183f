package org.sessionlink.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

/** What is metered of the links of a server. */
final class LinkFigures implements Figures {

	private final Links links;

	LinkFigures(Links links) {
		this.links = links;
	}

	@Override
	public List<Figure> all() {
		List<Figure> all = new ArrayList<>();
		all.add(Figure.of("sessionlink.links", null, "Open links, each an HTTP session with its sockets",
				() -> this.links.open().size()));
		all.add(Figure.of("sessionlink.sockets", null, "Open sockets",
				() -> this.links.open().stream().map(Link::sockets).mapToInt(List::size).sum()));
		for (Refused reason : Refused.values()) {
			all.add(Figure.count("sessionlink.refused", "What was refused to clients, by reason",
					Map.of("reason", reason.code()), () -> this.links.refusals().get(reason)));
		}
		return all;
	}

}
