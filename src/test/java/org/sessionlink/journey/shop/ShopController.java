package org.sessionlink.journey.shop;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.watch.LinkOperations;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageSendingOperations;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;

@Controller
class ShopController {

	private static final AtomicInteger counted = new AtomicInteger();

	private static final List<String> refusals = new CopyOnWriteArrayList<>();

	private final SessionLinks sessionLinks;

	private final LinkOperations operations;

	private final SimpMessageSendingOperations messages;

	ShopController(SessionLinks sessionLinks, LinkOperations operations, SimpMessageSendingOperations messages) {
		this.sessionLinks = sessionLinks;
		this.operations = operations;
		this.messages = messages;
	}

	@GetMapping("/")
	@ResponseBody
	String open() {
		return "open";
	}

	@GetMapping("/colour")
	@ResponseBody
	String colour(@RequestParam String value, HttpServletRequest request) {
		request.getSession().setAttribute("colour", value);
		request.getSession().setAttribute("secret", "not for sockets");
		return value;
	}

	@GetMapping("/rotate")
	@ResponseBody
	String rotate(HttpServletRequest request) {
		return request.changeSessionId();
	}

	@GetMapping("/end")
	@ResponseBody
	String end(HttpServletRequest request) {
		request.getSession().invalidate();
		return "ended";
	}

	@GetMapping("/kick")
	@ResponseBody
	String kick(HttpServletRequest request) {
		this.sessionLinks.linkOf(request.getSession()).end(EndCause.KICKED);
		return "kicked";
	}

	@GetMapping("/link")
	@ResponseBody
	String link(HttpServletRequest request) {
		return this.sessionLinks.linkOf(request.getSession()).fingerprint();
	}

	/** Signs a customer out everywhere else. */
	@GetMapping("/only-here")
	@ResponseBody
	String onlyHere(HttpServletRequest request, Principal customer) {
		return String.join(" ",
				this.operations
					.endUserBut(customer.getName(), link(request), customer.getName(), "signed out everywhere else")
					.links());
	}

	@GetMapping("/publish")
	@ResponseBody
	String publish(@RequestParam String destination, @RequestParam String text) {
		this.messages.convertAndSend(destination, text);
		return text;
	}

	/** Returns under which names JMX knows applications with links. */
	@GetMapping("/jmx")
	@ResponseBody
	String jmx() throws JMException {
		return ManagementFactory.getPlatformMBeanServer()
			.queryNames(new ObjectName("org.sessionlink:type=Links,*"), null)
			.toString();
	}

	/** Ends a link over JMX, and returns how many sockets there were before. */
	@GetMapping("/jmx/end")
	@ResponseBody
	String endOverJmx(@RequestParam String link, HttpServletRequest request) throws JMException {
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		ObjectName links = new ObjectName("org.sessionlink:type=Links,context=\"" + request.getContextPath() + "\"");
		Object before = server.getAttribute(links, "Sockets");
		server.invoke(links, "endLink", new Object[] { link, "over JMX" },
				new String[] { String.class.getName(), String.class.getName() });
		return before.toString();
	}

	/** Closes the customer's socket with a code of the shop's own. */
	@MessageMapping("/close")
	void close(SimpMessageHeaderAccessor message) throws IOException {
		WebSocketSession socket = (WebSocketSession) message.getSessionAttributes().get(ShopConfig.SOCKET);
		socket.close(new CloseStatus(4001, "closing time"));
	}

	@GetMapping("/cart")
	@ResponseBody
	String cart(HttpServletRequest request) {
		return String.valueOf(request.getSession().getAttribute("cart"));
	}

	/** Puts into the cart of the live session, and tells what is in it. */
	@MessageMapping("/cart")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String addToCart(@Payload String item, HttpSession session) {
		Object before = session.getAttribute("cart");
		session.setAttribute("cart", (before != null) ? before + "," + item : item);
		return (String) session.getAttribute("cart");
	}

	/** Ends the live session, and goes on using it. */
	@MessageMapping("/leave")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String leave(HttpSession session) {
		session.invalidate();
		try {
			session.getAttribute("cart");
			return "still there";
		}
		catch (NoLiveSessionException ex) {
			refusals.add(ex.getMessage());
			return "refused";
		}
	}

	@MessageMapping("/count")
	void count() {
		counted.incrementAndGet();
	}

	@GetMapping("/counted")
	@ResponseBody
	String counted() {
		return counted.toString();
	}

	@GetMapping("/refusals")
	@ResponseBody
	String refusals() {
		return refusals.toString();
	}

	/** Tells a customer what the server knows of the socket. */
	@MessageMapping("/whoami")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String whoami(SimpMessageHeaderAccessor headers, Principal principal) {
		Map<String, Object> attributes = headers.getSessionAttributes();
		return attributes.get("sessionId") + " " + attributes.get("colour") + " " + attributes.get("secret") + " "
				+ ((principal != null) ? principal.getName() : "nobody");
	}

}
