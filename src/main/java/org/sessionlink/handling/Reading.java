package org.sessionlink.handling;

import java.lang.reflect.Method;

import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ReflectionUtils;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

/**
 * What a container reads of one socket, and can stop reading, by methods that are found
 * by their names: Tomcat's session, and the channel behind Undertow's. Jetty's asks for
 * the next frame when a handler has returned, and can't be kept from it by an
 * application; what comes over SockJS are requests.
 */
final class Reading {

	private static final Logger logger = LoggerFactory.getLogger(Reading.class);

	private static final Reading NONE = new Reading(null, null, null);

	private final @Nullable Object target;

	private final @Nullable Method stop;

	private final @Nullable Method go;

	private Reading(@Nullable Object target, @Nullable Method stop, @Nullable Method go) {
		this.target = target;
		this.stop = stop;
		this.go = go;
	}

	/** Returns that of a socket, whatever container it is of. */
	static Reading of(WebSocketSession session) {
		if (!(WebSocketSessionDecorator.unwrap(session) instanceof StandardWebSocketSession standard)) {
			return NONE;
		}
		Session container = standard.getNativeSession(Session.class);
		return (container != null) ? of(container) : NONE;
	}

	static Reading of(Object container) {
		Method channel = method(container, "getWebSocketChannel");
		if (channel != null) {
			return by(call(channel, container), "suspendReceives", "resumeReceives");
		}
		return by(container, "suspend", "resume");
	}

	private static Reading by(@Nullable Object target, String stop, String go) {
		Method first = method(target, stop);
		Method second = method(target, go);
		return (first != null && second != null) ? new Reading(target, first, second) : NONE;
	}

	private static @Nullable Method method(@Nullable Object target, String name) {
		return (target != null) ? ReflectionUtils.findMethod(target.getClass(), name) : null;
	}

	private static @Nullable Object call(Method method, Object target) {
		try {
			return method.invoke(target);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			logger.debug("A container cannot do {}", method.getName(), ex);
			return null;
		}
	}

	/** Stops it; returns whether the container can. */
	boolean stop() {
		return this.stop != null && invoke(this.stop);
	}

	/** Goes on with it. */
	void go() {
		if (this.go != null) {
			invoke(this.go);
		}
	}

	private boolean invoke(Method method) {
		try {
			method.invoke(this.target);
			return true;
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			logger.debug("A container could not {}", method.getName(), ex);
			return false;
		}
	}

}
