package org.sessionlink.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Notices;
import org.sessionlink.link.OpenSockets;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;

/** Tells the operators' console who it is for, and how it reaches the server. */
@RestController
@RequestMapping(path = "/operator/console.json", produces = MediaType.APPLICATION_JSON_VALUE)
final class ConsoleController {

	private static final boolean SECURED = ClassUtils.isPresent("org.springframework.security.web.csrf.CsrfToken",
			ConsoleController.class.getClassLoader());

	private final Operators operators;

	private final ObjectProvider<HandlerMapping> endpoints;

	private final OpenSockets sockets;

	ConsoleController(Operators operators,
			@Qualifier("stompWebSocketHandlerMapping") ObjectProvider<HandlerMapping> endpoints, OpenSockets sockets) {
		this.operators = operators;
		this.endpoints = endpoints;
		this.sockets = sockets;
	}

	@ModelAttribute
	void operatorsOnly(HttpServletRequest request) {
		this.operators.check(request);
	}

	@GetMapping
	Console look(HttpServletRequest request) {
		return new Console(request.getUserPrincipal().getName(), Operators.mayChange(request), endpoint(),
				this.sockets.ofUsers(Notices.OPERATORS), SECURED ? FormToken.of(request) : null);
	}

	/** Returns the first that the application has, below the servlet, or null. */
	private @Nullable String endpoint() {
		return this.endpoints.stream()
			.filter(AbstractUrlHandlerMapping.class::isInstance)
			.map(AbstractUrlHandlerMapping.class::cast)
			.flatMap((mapping) -> mapping.getHandlerMap().keySet().stream())
			.map(ConsoleController::ofWebSocket)
			.findFirst()
			.orElse(null);
	}

	// SockJS has one of its own for plain WebSockets.
	private static String ofWebSocket(String path) {
		String plain = path.endsWith("/**") ? path.substring(0, path.length() - "**".length()) + "websocket" : path;
		return plain.startsWith("/") ? plain.substring(1) : plain;
	}

	@ExceptionHandler
	ResponseEntity<Problem> refused(RefusedException ex) {
		return Problem.answer(ex.status(), ex.code(), ex);
	}

	/**
	 * What the page has to know.
	 *
	 * @param principal who looks
	 * @param mayChange whether they may end anything
	 * @param endpoint where sockets are opened, relative to the application; null where
	 * there is nowhere
	 * @param feed what the page subscribes to there
	 * @param csrf what each request has to carry that changes something; null where
	 * nobody asks for it
	 */
	record Console(String principal, boolean mayChange, @Nullable String endpoint, String feed,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable FormToken csrf) {

	}

}
