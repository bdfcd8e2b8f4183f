package org.sessionlink.handshake;

import java.security.Principal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.store.SessionLinks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.security.messaging.web.socket.server.CsrfTokenHandshakeInterceptor;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;
import org.springframework.web.socket.server.support.AbstractHandshakeHandler;
import org.springframework.web.socket.sockjs.SockJsService;

/** What SessionLink adds to the handshakes of every endpoint. */
public final class Handshakes {

	private static final Logger logger = LoggerFactory.getLogger(Handshakes.class);

	private final Links links;

	private final SessionLinks sessionLinks;

	private final HandshakeSettings settings;

	private final SockJsRequests sockJs;

	private final ForeignSessions foreign = new ForeignSessions();

	private final HandshakeTime time;

	private final boolean csrfTokens;

	private final boolean hidesPrincipal;

	/**
	 * Makes them for an application.
	 * @param sockJs what requests of SockJS have to pass
	 * @param csrfTokens whether sockets keep the CSRF token of their handshake
	 */
	public Handshakes(Links links, SessionLinks sessionLinks, HandshakeSettings settings, SockJsRequests sockJs,
			boolean csrfTokens, ServletContext servletContext) {
		this.links = links;
		this.time = new HandshakeTime(links);
		this.sessionLinks = sessionLinks;
		this.settings = settings;
		this.sockJs = sockJs;
		this.csrfTokens = csrfTokens;
		this.hidesPrincipal = servletContext.getServerInfo().contains("Tomcat");
	}

	/** Returns whose pages may connect to an endpoint for which code has set these. */
	AllowedOrigins origins(AllowedOrigins inCode) {
		return inCode.and(this.settings.allowedOrigins());
	}

	/** Returns what takes the time of handshakes. */
	HandshakeTime time() {
		return this.time;
	}

	/** Takes note of an endpoint. */
	void at(String path) {
		this.sessionLinks.socketsAt(path);
	}

	/**
	 * Returns the interceptors of an endpoint, the application's own last: Spring checks
	 * upgrade and origin behind them, and what it refuses must be refused before it gets
	 * a session.
	 */
	List<HandshakeInterceptor> interceptors(AllowedOrigins origins, List<HandshakeInterceptor> own) {
		List<HandshakeInterceptor> all = new ArrayList<>();
		all.add(new UpgradeCheck(this.links));
		all.add(new OriginCheck(this.links, origins));
		all.add(new LeavingCheck(this.links));
		all.add(new LinkHandshakeInterceptor(this.links, this.sessionLinks, this.settings, this.foreign));
		if (this.csrfTokens) {
			all.add(new CsrfTokenHandshakeInterceptor());
		}
		all.addAll(own);
		return all;
	}

	/**
	 * Returns the interceptors of an endpoint with SessionLink's before all that others
	 * have put among them since: as Spring Security does once all beans are made, with
	 * one that gives a session to whoever comes.
	 */
	static List<HandshakeInterceptor> checksFirst(List<HandshakeInterceptor> interceptors) {
		return interceptors.stream().sorted(Comparator.comparing((interceptor) -> !isCheck(interceptor))).toList();
	}

	private static boolean isCheck(HandshakeInterceptor interceptor) {
		return interceptor instanceof UpgradeCheck || interceptor instanceof OriginCheck
				|| interceptor instanceof LeavingCheck || interceptor instanceof LinkHandshakeInterceptor;
	}

	/**
	 * Says where a handler of the application's goes past what would make its upgrades
	 * {@linkplain PlainUpgrade plain}, as Spring's own does where it finds Jetty's native
	 * interface.
	 */
	void look(String path, @Nullable HandshakeHandler handler) {
		if (handler instanceof AbstractHandshakeHandler springs
				&& !(springs.getRequestUpgradeStrategy() instanceof StandardWebSocketUpgradeStrategy)) {
			logger.warn(
					"The endpoint {} upgrades by {}: its sockets may be compressed, and are written to by threads that "
							+ "wait. Give {} a StandardWebSocketUpgradeStrategy",
					path, springs.getRequestUpgradeStrategy().getClass().getSimpleName(), handler.getClass().getName());
		}
	}

	/**
	 * Takes note that Spring refuses a page of another origin before any check of ours.
	 */
	void refused(@Nullable String origin) {
		OriginCheck.refused(this.links, origin);
	}

	/** Returns a request of a handshake for {@linkplain PlainUpgrade a plain upgrade}. */
	HttpServletRequest plain(HttpServletRequest request) {
		return new PlainUpgrade(request, this.hidesPrincipal);
	}

	/** Returns what handles handshakes for plain upgrades. */
	HandshakeHandler upgrading(HandshakeHandler handler) {
		return HandshakeHandler.class.cast(intercepted(handler, this::handle));
	}

	/** Returns a service that takes no {@linkplain SockJsRequests request} unchecked. */
	SockJsService checking(SockJsService service) {
		return SockJsService.class.cast(intercepted(service, this.sockJs));
	}

	// With all that it implements.
	private static Object intercepted(Object target, MethodInterceptor interceptor) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.addAdvice(interceptor);
		return factory.getProxy(target.getClass().getClassLoader());
	}

	private @Nullable Object handle(MethodInvocation call) throws Throwable {
		Object[] arguments = call.getArguments();
		if (arguments.length == 0 || !(arguments[0] instanceof ServletServerHttpRequest request)) {
			return call.proceed();
		}
		Principal principal = request.getPrincipal();
		arguments[0] = new ServletServerHttpRequest(plain(request.getServletRequest()));
		for (int i = 1; i < arguments.length; i++) {
			if (arguments[i] instanceof WebSocketHandler handler) {
				arguments[i] = new DeterminedUser(handler, principal);
			}
		}
		Object done = call.proceed();
		if (Boolean.TRUE.equals(done)) {
			HandshakeTime.opened(request.getServletRequest());
		}
		return done;
	}

}
