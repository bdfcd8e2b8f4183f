package org.sessionlink.inbound;

import java.util.Set;
import java.util.stream.Stream;

import org.springframework.context.support.StaticApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.support.ExecutorSubscribableChannel;

/** Message methods as Spring finds them, in classes that no other test finds. */
final class Methods {

	private Methods() {
	}

	/**
	 * Returns the destinations of the blocking ones under {@code /app} and {@code /own}.
	 */
	static BlockingDestinations blockingIn(Class<?>... controllers) {
		StaticApplicationContext context = new StaticApplicationContext();
		for (Class<?> controller : controllers) {
			context.registerSingleton(controller.getName(), controller);
		}
		ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
		SimpAnnotationMethodMessageHandler handler = new SimpAnnotationMethodMessageHandler(channel, channel,
				new SimpMessagingTemplate(channel)) {

			@Override
			protected boolean isHandler(Class<?> beanType) {
				return Set.of(controllers).contains(beanType);
			}

		};
		handler.setApplicationContext(context);
		handler.setDestinationPrefixes(Set.of("/app", "/own"));
		handler.afterPropertiesSet();
		return BlockingDestinations.of(Stream.of(handler));
	}

}
