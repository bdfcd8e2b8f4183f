package org.sessionlink.journey.twin;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ExecutorChannelInterceptor;

/** Writes down what passes a channel, and how. */
final class Watcher implements ExecutorChannelInterceptor {

	private final String name;

	private final Diary diary;

	Watcher(String name, Diary diary) {
		this.name = name;
		this.diary = diary;
	}

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		note("pre", message);
		return message;
	}

	@Override
	public void postSend(Message<?> message, MessageChannel channel, boolean sent) {
		note("post", message);
	}

	@Override
	public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent, Exception ex) {
		note((ex != null) ? "failed" : "complete", message);
	}

	@Override
	public void afterMessageHandled(Message<?> message, MessageChannel channel, MessageHandler handler, Exception ex) {
		this.diary.note(message, this.name + " handled" + frame(message) + ((ex != null) ? " and failed" : ""));
	}

	private void note(String what, Message<?> message) {
		this.diary.note(message, this.name + frame(message) + " " + what);
	}

	private static String frame(Message<?> message) {
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(message.getHeaders());
		return ": " + type + " " + SimpMessageHeaderAccessor.getDestination(message.getHeaders());
	}

}
