package org.sessionlink.wire;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.implementation.InvocationHandlerAdapter;
import net.bytebuddy.matcher.ElementMatchers;
import org.jspecify.annotations.Nullable;

/**
 * A container's WebSocket that notes what is called, and does what a test says meanwhile.
 */
final class FakeContainer {

	/** What was called of the basic remote, the asynchronous one and the session. */
	final List<String> calls = Collections.synchronizedList(new ArrayList<>());

	final Map<String, Object> properties = new HashMap<>();

	final List<SendHandler> handlers = new ArrayList<>();

	private final Map<String, Meanwhile> meanwhile = new HashMap<>();

	boolean closed;

	boolean batching;

	/** Whether its asynchronous remote is Tomcat's. */
	boolean endpoint = true;

	final Session session = (Session) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { Session.class }, sessionHandler());

	/** What a test does inside of a call. */
	interface Meanwhile {

		void run() throws IOException;

	}

	/** What Undertow's has besides. */
	public interface WithForce {

		void forceClose();

	}

	/** Does something in each call of this, such as {@code basic.sendText}. */
	FakeContainer during(String call, Meanwhile something) {
		this.meanwhile.put(call, something);
		return this;
	}

	/** Waits until somebody interrupts this thread, as a write that nobody reads. */
	static void awaitInterrupt() throws IOException {
		try {
			Thread.sleep(60_000);
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	/** Tells that the next message is written. */
	void complete() {
		this.handlers.remove(0).onResult(new SendResult(this.session));
	}

	/** Tells that the next message has failed, perhaps without saying why. */
	void fail(@Nullable Throwable error) {
		this.handlers.remove(0).onResult(new SendResult(this.session, error));
	}

	/** What Jetty's has besides. */
	public interface WithAbort {

		void abort();

	}

	/** Returns the session as a class of this name, as containers have classes. */
	Session named(String name, Class<?>... besides) throws ReflectiveOperationException {
		return (Session) new ByteBuddy().subclass(Object.class)
			.implement(Session.class)
			.implement(besides)
			.name(name)
			.method(ElementMatchers.isAbstract())
			.intercept(InvocationHandlerAdapter.of(sessionHandler()))
			.make()
			.load(getClass().getClassLoader())
			.getLoaded()
			.getDeclaredConstructor()
			.newInstance();
	}

	private InvocationHandler sessionHandler() {
		return (proxy, method, arguments) -> switch (method.getName()) {
			case "getUserProperties" -> {
				if (this.closed) {
					throw new IllegalStateException("The WebSocket session has been closed");
				}
				yield this.properties;
			}
			case "getAsyncRemote" -> asyncRemote();
			case "getBasicRemote" -> remote("basic", RemoteEndpoint.Basic.class);
			default -> call("session", method.getName(), arguments);
		};
	}

	private Object asyncRemote() throws ReflectiveOperationException {
		if (!this.endpoint) {
			return remote("async", RemoteEndpoint.Async.class);
		}
		InvocationHandler handler = (proxy, method, arguments) -> call("async", method.getName(), arguments);
		return new ByteBuddy().subclass(WithEndpoint.class)
			.implement(RemoteEndpoint.Async.class)
			.method(ElementMatchers.isDeclaredBy(RemoteEndpoint.Async.class)
				.or(ElementMatchers.isDeclaredBy(RemoteEndpoint.class)))
			.intercept(InvocationHandlerAdapter.of(handler))
			.make()
			.load(getClass().getClassLoader())
			.getLoaded()
			.getDeclaredConstructor(Endpoint.class)
			.newInstance(new Endpoint(() -> call("endpoint", "close")));
	}

	/** What Tomcat's has inside. */
	public static class WithEndpoint {

		protected final Endpoint base;

		public WithEndpoint(Endpoint base) {
			this.base = base;
		}

	}

	/** The connection. */
	public static final class Endpoint {

		private final Meanwhile closing;

		Endpoint(Meanwhile closing) {
			this.closing = closing;
		}

		/** Breaks it off. */
		public void close() throws IOException {
			this.closing.run();
		}

	}

	private Object remote(String name, Class<?> type) {
		return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type }, (proxy, method,
				arguments) -> call(name, method.getName(), (arguments != null) ? arguments : new Object[0]));
	}

	private Object call(String whom, String what, Object... arguments) throws IOException {
		if (what.equals("getBatchingAllowed")) {
			return this.batching;
		}
		Object first = (arguments != null && arguments.length > 0) ? arguments[0] : null;
		if (what.equals("setBatchingAllowed")) {
			this.batching = (Boolean) first;
		}
		this.calls.add(whom + "." + what + ((first != null) ? " " + text(first) : ""));
		Meanwhile something = this.meanwhile.get(whom + "." + what);
		if (something != null) {
			something.run();
		}
		if (arguments != null && arguments.length == 2) {
			this.handlers.add((SendHandler) arguments[1]);
		}
		return null;
	}

	// Reads it as a container does: to its end.
	private static String text(Object argument) {
		return (argument instanceof ByteBuffer bytes) ? "bytes " + StandardCharsets.UTF_8.decode(bytes)
				: argument.toString();
	}

}
