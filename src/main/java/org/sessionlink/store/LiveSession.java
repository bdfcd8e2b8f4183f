package org.sessionlink.store;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketLink;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.util.ReflectionUtils;

/**
 * Gives message methods the live {@code HttpSession} of their socket, to read and to
 * write (B24), where they declare a parameter for it. Once the session has ended each use
 * throws a {@link org.sessionlink.link.NoLiveSessionException}.
 */
final class LiveSession implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == HttpSession.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, Message<?> message) {
		Link link = SocketLink.live(SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()));
		return Proxy.newProxyInstance(LiveSession.class.getClassLoader(), new Class<?>[] { HttpSession.class },
				(proxy, method, arguments) -> invoke(link, method, arguments));
	}

	private static @Nullable Object invoke(Link link, Method method, Object[] arguments) {
		if (method.getDeclaringClass() == Object.class) {
			return ReflectionUtils.invokeMethod(method, link, arguments);
		}
		if (!(link.home() instanceof SessionHome home)) {
			throw SocketLink.notAlive(link);
		}
		try {
			return home.use((session) -> invoke(link, session, method, arguments));
		}
		catch (IllegalStateException ex) {
			throw (link.endCause() != null) ? SocketLink.notAlive(link) : ex;
		}
	}

	private static @Nullable Object invoke(Link link, HttpSession session, Method method, Object[] arguments) {
		Object result = ReflectionUtils.invokeMethod(method, session, arguments);
		if (method.getName().equals("setMaxInactiveInterval")) {
			link.changeTimeout(SessionHome.timeoutOf(session));
		}
		return result;
	}

}
