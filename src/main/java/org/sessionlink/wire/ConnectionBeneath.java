package org.sessionlink.wire;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ReflectionUtils;

/**
 * The connection beneath a container's WebSocket. Jakarta WebSocket only knows closes
 * that the peer has to read; a peer that does not, and talks on, keeps its connection
 * through every one of them, and through idle timeouts. Each container has a way of its
 * own to break it off without a word.
 */
final class ConnectionBeneath {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionBeneath.class);

	private ConnectionBeneath() {
	}

	/**
	 * Breaks the connection off, and waits for nobody. Where the container is none that
	 * is known, it ends once the peer is silent.
	 * @param remote the remote of the session, which closed ones of Tomcat do not give
	 */
	static void breakOff(Session session, RemoteEndpoint remote) {
		if (call(session, "forceClose") || call(session, "abort") || call(baseOf(remote), "close")) {
			return;
		}
		try {
			session.setMaxIdleTimeout(1);
		}
		catch (IllegalStateException ex) {
			logger.trace("The container has closed it already", ex);
		}
	}

	// Of Undertow's session, of Jetty's, or of what Tomcat's remotes share.
	private static boolean call(@Nullable Object target, String name) {
		Method method = (target != null) ? ReflectionUtils.findMethod(target.getClass(), name) : null;
		if (method == null) {
			return false;
		}
		ReflectionUtils.makeAccessible(method);
		ReflectionUtils.invokeMethod(method, target);
		return true;
	}

	private static @Nullable Object baseOf(RemoteEndpoint remote) {
		Field base = ReflectionUtils.findField(remote.getClass(), "base");
		if (base == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(base);
		return ReflectionUtils.getField(base, remote);
	}

}
