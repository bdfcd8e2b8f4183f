package org.sessionlink;

import org.sessionlink.broker.LinkedBroker;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ExecutorSubscribableChannel;

/**
 * The broker channel, but that a message which has its number goes through it on the
 * thread that has given it, in the same step, also where the application has an executor
 * for it: it could be overtaken there by others, and by who subscribes and has it brought
 * as missed (B31).
 */
final class NumberedInOrder implements SubscribableChannel {

	private final AbstractSubscribableChannel channel;

	NumberedInOrder(AbstractSubscribableChannel channel) {
		this.channel = channel;
	}

	@Override
	public boolean send(Message<?> message, long timeout) {
		if (!LinkedBroker.isNumbered(message)) {
			return this.channel.send(message, timeout);
		}
		boolean mayWait = this.channel instanceof ExecutorSubscribableChannel spring && spring.getExecutor() != null;
		(mayWait ? onThisThread() : this.channel).send(message, timeout);
		// That an interceptor keeps it from one socket is nothing to the others.
		return true;
	}

	// As it is now: the application may add to it once it has started.
	private MessageChannel onThisThread() {
		ExecutorSubscribableChannel same = new ExecutorSubscribableChannel();
		same.setBeanName("brokerChannel");
		same.setInterceptors(this.channel.getInterceptors());
		this.channel.getSubscribers().forEach(same::subscribe);
		return same;
	}

	@Override
	public boolean subscribe(MessageHandler handler) {
		return this.channel.subscribe(handler);
	}

	@Override
	public boolean unsubscribe(MessageHandler handler) {
		return this.channel.unsubscribe(handler);
	}

}
