package org.sessionlink.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** A browser of one person that comes to every node: one cookie jar. */
final class Roamer {

	private final List<Visitor> visitors = new ArrayList<>();

	private final String application;

	Roamer(Nodes nodes, String application) {
		this.application = application;
		this.visitors.add(new Visitor(nodes.container(0), application));
		IntStream.range(1, nodes.size())
			.mapToObj(nodes::container)
			.map((container) -> first().at((path) -> container.url(application, path)))
			.forEach(this.visitors::add);
	}

	/** Returns it at a node. */
	Visitor at(int node) {
		return this.visitors.get(node);
	}

	/** Returns it at the first node. */
	Visitor first() {
		return at(0);
	}

	/** Returns it at the last node. */
	Visitor last() {
		return at(this.visitors.size() - 1);
	}

	/** Returns it at each node. */
	List<Visitor> everywhere() {
		return this.visitors;
	}

	/** Opens a socket at each node, and CONNECTs. */
	List<Socket> connect() {
		return this.visitors.stream().map(Visitor::connect).toList();
	}

	/** Sees that a session goes on, with this link, at each node. */
	void assertLinked(String link) {
		assertThat(this.visitors).extracting(Visitor::link).containsOnly(link);
	}

	/** Sees that there is no session at any node. */
	void assertNoSession() {
		assertThat(this.visitors).extracting((visitor) -> visitor.get("/session").statusCode()).containsOnly(404);
	}

	@Override
	public String toString() {
		return this.application;
	}

}
