package org.sessionlink.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.History;
import org.sessionlink.history.KeepRule;
import org.sessionlink.history.LogNews;
import org.sessionlink.history.Mark;
import org.sessionlink.history.MessageLog;
import org.sessionlink.history.Position;

/** One of several nodes that keep messages together, and what it hears. */
final class LogNode implements AutoCloseable, MessageLog.Reader {

	final List<LogNews> heard = new CopyOnWriteArrayList<>();

	final Redis redis;

	final StoreWatch watch;

	final RedisLog log;

	/**
	 * Makes it.
	 * @param memory how many bytes all may take
	 */
	LogNode(RealRedis real, String name, int memory) {
		this.redis = new Redis(real.url(), "{sessionlink:/app}:", List.of(RedisLog.CHANNEL),
				(channel, message) -> hearOf(message));
		this.watch = new StoreWatch(this.redis, new Nodes("node-" + name, name), TwoNodes.GRACE, this::compare,
				System::nanoTime);
		this.log = new RedisLog(this.redis, this.watch, new Turns(), memory);
		this.log.read(this);
		this.watch.pulse();
	}

	private void hearOf(byte[] message) {
		this.log.hear(message);
	}

	void publish(History.Key key, KeepRule rule, String text) {
		this.log.publish(key, rule, text.getBytes(StandardCharsets.UTF_8));
	}

	MessageLog.Slice read(History.Key key, KeepRule rule, Mark mark, @Nullable Position from) {
		return this.log.read(new MessageLog.Known(key, rule, mark), from);
	}

	static List<String> texts(MessageLog.Slice slice) {
		return slice.entries().stream().map((entry) -> new String(entry.content(), StandardCharsets.UTF_8)).toList();
	}

	List<String> messages() {
		return this.heard.stream()
			.filter(LogNews::message)
			.map((news) -> news.mark().last() + " " + new String(news.content(), StandardCharsets.UTF_8))
			.toList();
	}

	@Override
	public void hear(LogNews news) {
		this.heard.add(news);
	}

	@Override
	public void compare() {
		// Nobody reads here.
	}

	@Override
	public void close() {
		this.redis.close();
	}

}
