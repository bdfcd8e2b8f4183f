package org.sessionlink.store;

import java.lang.reflect.Method;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.util.MethodInvoker;
import org.springframework.util.ReflectionUtils;

/**
 * A session of Jetty's: the object itself while that is in memory, and what Jetty loads
 * for a while where it is not, as each request does. With {@code session-cache-null}, or
 * once a session was evicted, an object that was kept from a request takes what it is
 * told without a word, and it leads nowhere.
 *
 * <p>
 * Jetty's own classes are hidden from applications, so their methods are called by name.
 */
final class JettyHome extends SessionHome {

	private final HttpSession session;

	JettyHome(HttpSession session) {
		super(session);
		this.session = session;
	}

	@Override
	<T> T use(Function<HttpSession, T> use) {
		Object managed = managed();
		if (managed == null || Boolean.TRUE.equals(call(managed, "isResident"))) {
			return use.apply(this.session);
		}
		Object manager = call(managed, "getSessionManager");
		Object loaded = (manager != null) ? call(manager, "getManagedSession", this.session.getId()) : null;
		if (loaded == null) {
			throw new IllegalStateException("Jetty does not find the session, or it has expired");
		}
		try {
			call(loaded, "access", System.currentTimeMillis());
			return use.apply((HttpSession) call(loaded, "getApi"));
		}
		finally {
			// As at the end of a request: it stores the session, and forgets it.
			call(manager, "complete", loaded);
		}
	}

	// Null for what wraps a session of Jetty's, and knows for itself where that is. That
	// of Spring Session has a method of the same name.
	private @Nullable Object managed() {
		Method method = ReflectionUtils.findMethod(this.session.getClass(), "getSession");
		try {
			Object managed = (method != null) ? method.invoke(this.session) : null;
			boolean jettys = managed != null && ReflectionUtils.findMethod(managed.getClass(), "isResident") != null;
			return jettys ? managed : null;
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	private static @Nullable Object call(Object target, String name, Object... arguments) {
		MethodInvoker method = new MethodInvoker();
		method.setTargetObject(target);
		method.setTargetMethod(name);
		method.setArguments(arguments);
		try {
			method.prepare();
			return method.invoke();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Jetty does not answer " + name, ex);
		}
	}

}
