package org.sessionlink;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.broker.RelayHealth;
import org.sessionlink.cluster.Cluster;
import org.sessionlink.watch.Figure;
import org.sessionlink.watch.Figures;

/** What is metered of the store and the broker, where they are elsewhere. */
record EngineFigures(@Nullable Cluster cluster, RelayHealth relay) implements Figures {

	@Override
	public List<Figure> all() {
		List<Figure> all = new ArrayList<>();
		if (this.cluster != null) {
			addStore(this.cluster, all);
		}
		if (this.relay.isNeeded()) {
			addRelay(all);
		}
		return all;
	}

	private static void addStore(Cluster store, List<Figure> all) {
		all.add(Figure.of("sessionlink.store.up", null, "1 while the store of sessions answers, or else 0",
				() -> (store.concern() == null) ? 1 : 0));
		all.add(Figure.count("sessionlink.store.outages", "How often the store of sessions has gone away", Map.of(),
				store::outages));
		all.add(Figure.of("sessionlink.nodes", null, "The nodes that this one knows of, itself among them",
				store::size));
	}

	private void addRelay(List<Figure> all) {
		all.add(Figure.of("sessionlink.relay.up", null, "1 while the broker elsewhere answers, or else 0",
				() -> (this.relay.concern() == null) ? 1 : 0));
		all.add(Figure.count("sessionlink.relay.outages", "How often the broker elsewhere has gone away", Map.of(),
				this.relay::outages));
		all.add(Figure.of("sessionlink.relay.clients", null, "Clients with a line to the broker elsewhere",
				this.relay::clients));
		all.add(Figure.of("sessionlink.relay.waiting", "bytes", "What waits for the broker elsewhere to read it",
				this.relay::waiting));
	}

}
