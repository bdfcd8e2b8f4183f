package org.sessionlink;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EventListener;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Drain;
import org.sessionlink.link.Telling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.MethodInvoker;
import org.springframework.util.ReflectionUtils;

/**
 * Hears of it when a Jetty is about to stop: it closes all connections before it stops
 * any application, and no client would be told when to come back. While this one waits
 * for its clients to go, Jetty serves requests as ever, probes among them.
 *
 * <p>
 * Jetty's own classes are hidden from applications, so their methods are called by name.
 */
final class JettyStop implements SmartInitializingSingleton, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(JettyStop.class);

	private final ServletContext servletContext;

	private final Drain drain;

	private @Nullable Object server;

	private @Nullable EventListener listener;

	JettyStop(ServletContext servletContext, Drain drain) {
		this.servletContext = servletContext;
		this.drain = drain;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (ReflectionUtils.findMethod(this.servletContext.getClass(), "getContextHandler") == null) {
			return;
		}
		try {
			Object found = call(call(this.servletContext, "getContextHandler"), "getServer");
			EventListener made = listener(found.getClass().getClassLoader());
			call(found, "addEventListener", made);
			this.server = found;
			this.listener = made;
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			logger.warn("This Jetty does not say when it stops: its clients are not told when to come back "
					+ "unless an operator lets them go before");
			logger.debug("Jetty has said", ex);
		}
	}

	private EventListener listener(ClassLoader jetty) throws ClassNotFoundException {
		Class<?> type = jetty.loadClass("org.eclipse.jetty.util.component.LifeCycle$Listener");
		return (EventListener) Proxy.newProxyInstance(jetty, new Class<?>[] { type }, (proxy, method, arguments) -> {
			if (method.getDeclaringClass() == Object.class) {
				return ofObject(proxy, method.getName(), arguments);
			}
			if (method.getName().equals("lifeCycleStopping")) {
				Telling.tell("Letting the clients go", this.drain::finish);
			}
			return null;
		});
	}

	private static Object ofObject(Object proxy, String method, Object @Nullable [] arguments) {
		if (method.equals("equals")) {
			return arguments != null && arguments[0] == proxy;
		}
		return method.equals("hashCode") ? (Object) System.identityHashCode(proxy) : "SessionLink's, until Jetty stops";
	}

	@Override
	public void destroy() {
		if (this.server != null && this.listener != null) {
			try {
				call(this.server, "removeEventListener", this.listener);
			}
			catch (ReflectiveOperationException ex) {
				logger.debug("Jetty has said", ex);
			}
		}
	}

	private static Object call(Object target, String name, Object... arguments) throws ReflectiveOperationException {
		MethodInvoker method = new MethodInvoker();
		method.setTargetObject(target);
		method.setTargetMethod(name);
		method.setArguments(arguments);
		method.prepare();
		Object result = method.invoke();
		if (result == null) {
			throw new InvocationTargetException(null, "Jetty has no answer to " + name);
		}
		return result;
	}

}
