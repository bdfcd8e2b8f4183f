package org.sessionlink;

import java.util.List;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/**
 * What one class, or one logger, logs at INFO and above, from {@link #of} until
 * {@link #close}.
 */
public final class RecordedLog implements AutoCloseable {

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private final Logger logger;

	private final Level level;

	private RecordedLog(Logger logger, Level from) {
		this.logger = logger;
		this.level = logger.getLevel();
		logger.setLevel(from);
		this.appender.start();
		logger.addAppender(this.appender);
	}

	/** Starts to record what this class logs. */
	public static RecordedLog of(Class<?> type) {
		return new RecordedLog((Logger) LoggerFactory.getLogger(type), Level.INFO);
	}

	/** Starts to record what goes to the logger of this name. */
	public static RecordedLog of(String name) {
		return new RecordedLog((Logger) LoggerFactory.getLogger(name), Level.INFO);
	}

	/** The same with what is for the curious alone. */
	public static RecordedLog whole(String name) {
		return new RecordedLog((Logger) LoggerFactory.getLogger(name), Level.DEBUG);
	}

	/** Keeps what goes to the logger of this name from being written or recorded. */
	public static RecordedLog silent(String name) {
		return new RecordedLog((Logger) LoggerFactory.getLogger(name), Level.OFF);
	}

	/** Returns what was logged, each line as its level and its message. */
	public List<String> lines() {
		return this.appender.list.stream()
			.map((event) -> event.getLevel() + " " + event.getFormattedMessage())
			.toList();
	}

	/** Returns all that was logged as one text, with the messages of exceptions. */
	public String texts() {
		return this.appender.list.stream()
			.map((event) -> event.getFormattedMessage() + " "
					+ ((event.getThrowableProxy() != null) ? ThrowableProxyUtil.asString(event.getThrowableProxy())
							: ""))
			.collect(Collectors.joining("\n"));
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(this.level);
	}

}
