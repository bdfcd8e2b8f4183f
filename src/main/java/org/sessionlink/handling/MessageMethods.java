package org.sessionlink.handling;

import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NamedThreadLocal;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.simp.SimpMessageMappingInfo;
import org.springframework.messaging.simp.SimpMessageSendingOperations;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.web.socket.messaging.WebSocketAnnotationMethodMessageHandler;

/**
 * The application's message methods, which can be asked whether the one for a message may
 * wait: Spring finds it as it finds it to call it, and so there is no other way to read a
 * destination.
 */
public final class MessageMethods extends WebSocketAnnotationMethodMessageHandler {

	private static final ThreadLocal<@Nullable Question> asked = new NamedThreadLocal<>("Question for a method");

	private Set<HandlerMethod> blocking = Set.of();

	private @Nullable SimpMessageMappingInfo extension;

	private static final class Question {

		private boolean mayWait;

	}

	public MessageMethods(SubscribableChannel clientInbound, MessageChannel clientOutbound,
			SimpMessageSendingOperations broker) {
		super(clientInbound, clientOutbound, broker);
	}

	/**
	 * Returns whether this handler may wait with this message. One of the application's
	 * own making that has methods which may can't be asked for which message.
	 */
	static boolean mayWait(MessageHandler handler, Message<?> message) {
		if (handler instanceof MessageMethods methods) {
			return methods.mayWait(message);
		}
		return handler instanceof SimpAnnotationMethodMessageHandler other
				&& other.getHandlerMethods().values().stream().anyMatch(MessageMethods::isBlocking);
	}

	/** Returns whether this handler has methods, and perhaps one for this message. */
	static boolean mayCall(MessageHandler handler, Message<?> message) {
		return (handler instanceof MessageMethods methods)
				? methods.getLookupDestination(methods.getDestination(message)) != null
				: handler instanceof SimpAnnotationMethodMessageHandler;
	}

	private boolean mayWait(Message<?> message) {
		// Most of what comes is for no method, and Spring would not look for one either.
		if (this.blocking.isEmpty() || getLookupDestination(getDestination(message)) == null) {
			return false;
		}
		Question question = new Question();
		asked.set(question);
		try {
			handleMessage(message);
		}
		catch (RuntimeException | Error ex) {
			// It says the same again when it is called, where somebody hears it.
			logger.debug("No method found", ex);
		}
		finally {
			asked.remove();
		}
		return question.mayWait;
	}

	private static boolean isBlocking(HandlerMethod method) {
		return AnnotatedElementUtils.hasAnnotation(method.getMethod(), Blocking.class)
				|| AnnotatedElementUtils.hasAnnotation(method.getBeanType(), Blocking.class);
	}

	@Override
	public void afterPropertiesSet() {
		super.afterPropertiesSet();
		detectHandlerMethods(new SessionExtension());
		this.blocking = getHandlerMethods().values()
			.stream()
			.filter(MessageMethods::isBlocking)
			.collect(Collectors.toUnmodifiableSet());
	}

	/** Leaves a destination to the application where both have a method for it. */
	@Override
	protected void registerHandlerMethod(Object handler, Method method, SimpMessageMappingInfo mapping) {
		if (handler instanceof SessionExtension) {
			if (getHandlerMethods().containsKey(mapping)) {
				logger.info("The application has a method of its own for " + mapping.getDestinationConditions());
				return;
			}
			this.extension = mapping;
		}
		super.registerHandlerMethod(handler, method, mapping);
	}

	// None, so that Spring also looks at the application's patterns, which go first.
	@Override
	protected Set<String> getDirectLookupDestinations(SimpMessageMappingInfo mapping) {
		return mapping.equals(this.extension) ? Set.of() : super.getDirectLookupDestinations(mapping);
	}

	@Override
	protected Comparator<SimpMessageMappingInfo> getMappingComparator(Message<?> message) {
		return Comparator.comparing((SimpMessageMappingInfo mapping) -> mapping.equals(this.extension))
			.thenComparing(super.getMappingComparator(message));
	}

	/**
	 * Tells the client of what a method denies, as of a rule that does, and lets it have
	 * no receipt where a method has failed: unless the application sees to it.
	 */
	@Override
	protected void processHandlerMethodException(HandlerMethod method, Exception failure, Message<?> message) {
		boolean seesToIt = getExceptionHandlerMethod(method, failure) != null;
		if (seesToIt || !HandlerCall.methodFailed(message, failure)) {
			super.processHandlerMethodException(method, failure, message);
		}
	}

	@Override
	protected void handleMatch(SimpMessageMappingInfo mapping, HandlerMethod method, String lookupDestination,
			Message<?> message) {
		Question question = asked.get();
		if (question != null) {
			question.mayWait = this.blocking.contains(method);
		}
		else {
			super.handleMatch(mapping, method, lookupDestination, message);
		}
	}

}
