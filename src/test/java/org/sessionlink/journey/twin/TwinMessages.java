package org.sessionlink.journey.twin;

import java.security.Principal;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import jakarta.servlet.http.HttpSession;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpAttributesContextHolder;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;

/** What the application does over STOMP. */
@Controller
class TwinMessages {

	private final Counter counter;

	TwinMessages(Counter counter) {
		this.counter = counter;
	}

	/** Lives as long as a socket. */
	static class Counter implements DisposableBean {

		private final Diary diary;

		private final String tag = (String) SimpAttributesContextHolder.currentAttributes().getAttribute(Diary.TAG);

		private int count;

		Counter(Diary diary) {
			this.diary = diary;
		}

		int next() {
			return ++this.count;
		}

		@Override
		public void destroy() {
			this.diary.note(this.tag, "destroyed at " + this.count);
		}

	}

	@Bean
	@Scope(scopeName = "websocket", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static Counter counter(Diary diary) {
		return new Counter(diary);
	}

	/** What people say. */
	record Words(String text, int times) {
	}

	@MessageMapping("/who")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String who(Principal principal, SimpMessageHeaderAccessor headers) {
		return ((principal != null) ? principal.getName() : "nobody") + " "
				+ headers.getSessionAttributes().get("colour") + " on "
				+ Thread.currentThread().getName().replaceAll("\\d+$", "");
	}

	/** Names what the socket has, but for what containers put there. */
	@MessageMapping("/attributes")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String attributes(SimpMessageHeaderAccessor headers) {
		return String.join(" ", new TreeSet<>(headers.getSessionAttributes().keySet()));
	}

	@MessageMapping("/timeout")
	void timeout(String seconds, SimpMessageHeaderAccessor headers) {
		((HttpSession) headers.getSessionAttributes().get("http")).setMaxInactiveInterval(Integer.parseInt(seconds));
	}

	@MessageMapping("/id")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String id(@Header("simpSessionId") String id) {
		return id;
	}

	@MessageMapping("/all-of-me")
	@SendToUser("/queue/me")
	String allOfMe(String words) {
		return words;
	}

	@MessageMapping("/say/{room}")
	@SendTo("/sub/said/{room}")
	String say(@DestinationVariable String room, String words) {
		return words;
	}

	@MessageMapping("/raw/{room}")
	@SendTo("/sub/said/{room}")
	byte[] raw(byte[] bytes) {
		return bytes;
	}

	@MessageMapping("/add-user")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String addUser(String name) {
		return "added " + name;
	}

	@MessageMapping("/repeat")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	Words repeat(Words words, @Header(name = "tone", required = false) String tone) {
		return new Words(words.text() + tone, words.times() + 1);
	}

	@MessageMapping("/shout")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	Shout shout(Shout shout, Shout.Tag tag) {
		return new Shout(shout.words() + "!");
	}

	@MessageMapping("/later")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	CompletableFuture<String> later(String words) {
		return CompletableFuture.supplyAsync(() -> words + ", later");
	}

	/** Goes to where Spring sends what has no other place. */
	@MessageMapping("/usual")
	@SendToUser(broadcast = false)
	String usual(String words) {
		return words;
	}

	@MessageMapping("/note")
	Shout.Noted note(@Payload String words) {
		return new Shout.Noted(words);
	}

	@MessageMapping("/count")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String count() {
		return String.valueOf(this.counter.next());
	}

	@MessageMapping("/fail")
	void fail(String words) {
		throw new IllegalArgumentException(words);
	}

	@MessageExceptionHandler
	@SendToUser(destinations = "/queue/wrong", broadcast = false)
	Map<String, String> failed(IllegalArgumentException ex) {
		return Map.of("wrong", ex.getMessage());
	}

	@SubscribeMapping("/welcome/{name}")
	String welcome(@DestinationVariable String name) {
		return "welcome " + name;
	}

	/** By a rule for messages. */
	@MessageMapping("/staff/open")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String staff() {
		return "for staff";
	}

	/** By a rule for methods. */
	@PreAuthorize("hasRole('STAFF')")
	@MessageMapping("/guarded")
	@SendToUser(destinations = "/queue/me", broadcast = false)
	String guarded() {
		return "for staff, too";
	}

	@MessageExceptionHandler
	@SendToUser(destinations = "/queue/wrong", broadcast = false)
	String denied(AccessDeniedException ex) {
		return "not for you";
	}

}
