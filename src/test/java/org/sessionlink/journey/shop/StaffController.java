package org.sessionlink.journey.shop;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Logs people in and out with code of its own, and sends to them. */
@RestController
class StaffController {

	private static final String CONTEXT = "SPRING_SECURITY_CONTEXT";

	private final SimpMessagingTemplate brokerMessagingTemplate;

	StaffController(SimpMessagingTemplate brokerMessagingTemplate) {
		this.brokerMessagingTemplate = brokerMessagingTemplate;
	}

	@GetMapping("/be")
	String be(@RequestParam String name, @RequestParam(defaultValue = "GUEST") String role,
			HttpServletRequest request) {
		request.getSession().setAttribute(CONTEXT, new SecurityContextImpl(user(name, role)));
		return name;
	}

	/**
	 * Logs in as frameworks do: the session gets a new id, then its user; or the reverse.
	 */
	@GetMapping("/enter")
	String enter(@RequestParam String name, @RequestParam String role,
			@RequestParam(defaultValue = "true") boolean idFirst, HttpServletRequest request) {
		if (idFirst) {
			request.changeSessionId();
		}
		be(name, role, request);
		if (!idFirst) {
			request.changeSessionId();
		}
		return name;
	}

	/** Changes what the session holds, without telling the container. */
	@GetMapping("/become")
	String become(@RequestParam String name, HttpServletRequest request) {
		((SecurityContext) request.getSession().getAttribute(CONTEXT)).setAuthentication(user(name, "GUEST"));
		return name;
	}

	@GetMapping("/forget")
	String forget(HttpServletRequest request) {
		request.getSession().removeAttribute(CONTEXT);
		return "forgotten";
	}

	@GetMapping("/tell")
	String tell(@RequestParam String name, @RequestParam String text) {
		this.brokerMessagingTemplate.convertAndSendToUser(name, "/queue/me", text);
		return text;
	}

	private static Authentication user(String name, String role) {
		return UsernamePasswordAuthenticationToken.authenticated(name, null,
				AuthorityUtils.createAuthorityList("ROLE_" + role));
	}

}
