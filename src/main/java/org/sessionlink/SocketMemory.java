package org.sessionlink;

import java.lang.reflect.InvocationTargetException;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.stream.Stream;

import jakarta.servlet.ServletContext;
import jakarta.websocket.WebSocketContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Warns as the application starts where settings of the container cost each socket more
 * than 64 KB of heap: of the figure, its cause, and what to set (B38). Undertow has no
 * such settings.
 */
final class SocketMemory implements SmartInitializingSingleton {

	static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

	private static final String TOMCAT = "org.apache.tomcat.websocket.";

	private static final int MOST = 64 * 1024;

	/** Jetty's trie: 48 characters of two bytes and a reference of four for each unit. */
	private static final int JETTY_BYTES_PER_UNIT = 48 * 2 + 4;

	/**
	 * The buffers of Tomcat's connector for reading and writing, unless set otherwise.
	 */
	private static final int TOMCAT_CONNECTOR = 2 * 8192;

	private static final Logger logger = LoggerFactory.getLogger(SocketMemory.class);

	private final ServletContext servletContext;

	SocketMemory(ServletContext servletContext) {
		this.servletContext = servletContext;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.servletContext.getAttribute(CONTAINER) instanceof WebSocketContainer container
				&& container.getClass().getName().startsWith(TOMCAT)) {
			checkTomcat(container);
		}
		jettyHeaderCache(this.servletContext).ifPresent(SocketMemory::checkJetty);
	}

	private static void checkTomcat(WebSocketContainer container) {
		int text = container.getDefaultMaxTextMessageBufferSize();
		int binary = container.getDefaultMaxBinaryMessageBufferSize();
		// One for what is read, one for what is written, one for encoders.
		int each = Integer.getInteger(TOMCAT + "DEFAULT_BUFFER_SIZE", 8192);
		long bytes = 2L * text + binary + 3L * each + TOMCAT_CONNECTOR;
		if (bytes > MOST) {
			logger.warn(
					"Each socket costs {} KB of heap for Tomcat's buffers: the context parameter {}textBufferSize "
							+ "is {}, {}binaryBufferSize {}, the system property {}DEFAULT_BUFFER_SIZE {}. "
							+ "2048 is enough for SessionLink's endpoints, for each of them.",
					bytes / 1024, TOMCAT, text, TOMCAT, binary, TOMCAT, each);
		}
	}

	private static void checkJetty(int size) {
		long bytes = (long) size * JETTY_BYTES_PER_UNIT;
		if (bytes > MOST) {
			logger.warn("Each socket that is opened on a connection which has served a request before costs {} KB "
					+ "of heap for Jetty's header cache, whose size is {}: set jetty.httpConfig.headerCacheSize=0 "
					+ "in a file of start.d, or headerCacheSize of the HttpConfiguration.", bytes / 1024, size);
		}
	}

	// Jetty's classes are hidden from applications, but not their public methods.
	private static OptionalInt jettyHeaderCache(ServletContext servletContext) {
		Object server = get(get(get(servletContext, "getContext"), "getServletContextHandler"), "getServer");
		if (!(get(server, "getConnectors") instanceof Object[] connectors)) {
			return OptionalInt.empty();
		}
		return Stream.of(connectors)
			.map((connector) -> get(connector, "getConnectionFactories"))
			.flatMap((factories) -> (factories instanceof Collection<?> all) ? all.stream() : Stream.of())
			.map((factory) -> get(get(factory, "getHttpConfiguration"), "getHeaderCacheSize"))
			.filter(Integer.class::isInstance)
			.mapToInt(Integer.class::cast)
			.max();
	}

	private static @Nullable Object get(@Nullable Object target, String getter) {
		if (target == null) {
			return null;
		}
		try {
			return target.getClass().getMethod(getter).invoke(target);
		}
		catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException | LinkageError ex) {
			logger.debug("{} of {} says nothing of its memory", getter, target.getClass(), ex);
			return null;
		}
	}

}
