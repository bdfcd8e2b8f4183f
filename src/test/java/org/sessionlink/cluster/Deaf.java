package org.sessionlink.cluster;

import java.util.List;

/** A node that hears no news, and looks when it is told to. */
final class Deaf implements AutoCloseable {

	final Node node;

	final Redis redis;

	final Records records;

	final LocalLinks local;

	final SharedLinks links;

	Deaf(RealRedis real) {
		this.node = new Node(real.url(), TwoNodes.LONG, TwoNodes.GRACE, "/deaf");
		this.redis = new Redis(real.url(), "{sessionlink:/app}:", List.of("none"), (channel, message) -> {
		});
		StoreWatch watch = new StoreWatch(this.redis, new Nodes("deaf", "deaf"), TwoNodes.GRACE, () -> {
		}, System::nanoTime);
		watch.pulse();
		this.records = new Records(this.redis, getClass().getClassLoader());
		this.local = new LocalLinks(this.node.links);
		this.links = new SharedLinks(this.records, watch, this.local, new Ends(this.records, System::nanoTime),
				TwoNodes.GRACE, (hash) -> {
				});
	}

	@Override
	public void close() {
		this.redis.close();
		this.node.close();
	}

}
