package org.sessionlink.handshake;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.web.socket.server.standard.ServerEndpointRegistration;

/**
 * The request of a handshake as handlers of handshakes see it, Spring's own and any
 * application's: its container upgrades without extensions, as compression costs memory
 * for each socket, and a small frame could unfold into a large one. Where the container
 * would close the sockets of a principal itself when the HTTP session ends, without a
 * word about the cause, it is not shown the principal (B6).
 */
final class PlainUpgrade extends HttpServletRequestWrapper {

	private static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

	private final boolean hidesPrincipal;

	PlainUpgrade(HttpServletRequest request, boolean hidesPrincipal) {
		super(request);
		this.hidesPrincipal = hidesPrincipal;
	}

	@Override
	public ServletContext getServletContext() {
		return intercepted(ServletContext.class, super.getServletContext(), (call) -> {
			Object value = call.proceed();
			boolean container = value instanceof ServerContainer && CONTAINER.equals(call.getArguments()[0]);
			return container ? intercepted(ServerContainer.class, (ServerContainer) value, this::upgrade) : value;
		});
	}

	private static <T> T intercepted(Class<T> type, T target, MethodInterceptor interceptor) {
		ProxyFactory factory = new ProxyFactory(type, interceptor);
		factory.setTarget(target);
		return type.cast(factory.getProxy(PlainUpgrade.class.getClassLoader()));
	}

	private @Nullable Object upgrade(MethodInvocation call) throws Throwable {
		if (call.getMethod().getName().equals("getInstalledExtensions")) {
			return Set.of();
		}
		if (call.getMethod().getName().equals("upgradeHttpToWebSocket")) {
			Object[] arguments = call.getArguments();
			arguments[0] = forContainer((HttpServletRequest) arguments[0]);
			if (arguments[2] instanceof ServerEndpointRegistration endpoint) {
				arguments[2] = WithoutExtensions.of(endpoint);
			}
		}
		return call.proceed();
	}

	private HttpServletRequest forContainer(HttpServletRequest request) {
		HttpServletRequest actual = (request == this) ? (HttpServletRequest) getRequest() : request;
		return this.hidesPrincipal ? new WithoutPrincipal(actual, super.getServletContext()) : actual;
	}

	private static final class WithoutPrincipal extends HttpServletRequestWrapper {

		private final ServletContext servletContext;

		WithoutPrincipal(HttpServletRequest request, ServletContext servletContext) {
			super(request);
			this.servletContext = servletContext;
		}

		@Override
		public @Nullable Principal getUserPrincipal() {
			return null;
		}

		@Override
		public ServletContext getServletContext() {
			return this.servletContext;
		}

	}

	private static final class WithoutExtensions extends ServerEndpointRegistration {

		private final ServerEndpointRegistration model;

		private WithoutExtensions(ServerEndpointRegistration model) {
			super(model.getPath(), model.getEndpoint());
			this.model = model;
		}

		static WithoutExtensions of(ServerEndpointRegistration endpoint) {
			WithoutExtensions plain = new WithoutExtensions(endpoint);
			// Spring puts null into the list for a client that has asked for no protocol.
			plain.setSubprotocols(endpoint.getSubprotocols().stream().filter(Objects::nonNull).toList());
			plain.setEncoders(endpoint.getEncoders());
			plain.setDecoders(endpoint.getDecoders());
			return plain;
		}

		@Override
		public Map<String, Object> getUserProperties() {
			return this.model.getUserProperties();
		}

		@Override
		public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
			this.model.getConfigurator().modifyHandshake(config, request, response);
		}

		@Override
		public boolean checkOrigin(String origin) {
			return this.model.getConfigurator().checkOrigin(origin);
		}

		@Override
		public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
			return this.model.getConfigurator().getNegotiatedSubprotocol(supported, requested);
		}

		@Override
		public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
			return List.of();
		}

	}

}
