package org.sessionlink.journey.twin;

import java.security.Principal;
import java.util.TreeSet;

import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.broker.BrokerAvailabilityEvent;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

/** Writes down all events of sockets, and adds an interceptor after the start. */
class TwinEvents {

	private final Diary diary;

	TwinEvents(Diary diary) {
		this.diary = diary;
	}

	@EventListener
	void on(AbstractSubProtocolEvent event) {
		Message<?> message = event.getMessage();
		StompHeaderAccessor frame = StompHeaderAccessor.wrap(message);
		Principal user = event.getUser();
		String close = (event instanceof SessionDisconnectEvent end) ? " " + end.getCloseStatus().getCode() : "";
		this.diary.note(message,
				"event: " + event.getClass().getSimpleName() + " of " + ((user != null) ? user.getName() : "nobody")
						+ " with " + new TreeSet<>(message.getHeaders().keySet()) + " " + frame.getCommand() + " "
						+ frame.getDestination() + " " + new TreeSet<>(frame.toNativeHeaderMap().keySet()) + close);
	}

	@EventListener
	void on(BrokerAvailabilityEvent event) {
		this.diary.note("start", "the broker is there: " + event.isBrokerAvailable());
	}

	@EventListener
	void on(ContextRefreshedEvent event) {
		event.getApplicationContext()
			.getBean("clientOutboundChannel", AbstractSubscribableChannel.class)
			.addInterceptor(new Watcher("out late", this.diary));
	}

}
