package org.sessionlink.journey.twin;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodReturnValueHandler;
import org.springframework.util.MimeType;

/** A body of the application's own kind. */
record Shout(String words) {

	/** Has it as capitals of a media type of its own. */
	static final class Converter extends AbstractMessageConverter {

		Converter() {
			super(new MimeType("text", "x-shout"));
		}

		@Override
		protected boolean supports(Class<?> type) {
			return type == Shout.class;
		}

		@Override
		protected Object convertFromInternal(Message<?> message, Class<?> type, Object hint) {
			return new Shout(new String((byte[]) message.getPayload(), StandardCharsets.UTF_8));
		}

		@Override
		protected Object convertToInternal(Object shout, MessageHeaders headers, Object hint) {
			return ((Shout) shout).words().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
		}

	}

	/** Of whom, for a method that wants to know. */
	record Tag(String name) {
	}

	/** Gives methods the tag of the socket. */
	static final class Resolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Tag.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return new Tag(String.valueOf(Diary.tagOf(message.getHeaders())));
		}

	}

	/** What a method returns for the diary. */
	record Noted(String entry) {
	}

	/** Writes it down. */
	static final class Echo implements HandlerMethodReturnValueHandler {

		private final Diary diary;

		Echo(Diary diary) {
			this.diary = diary;
		}

		@Override
		public boolean supportsReturnType(MethodParameter type) {
			return type.getParameterType() == Noted.class;
		}

		@Override
		public void handleReturnValue(Object value, MethodParameter type, Message<?> message) {
			this.diary.note(message, ((Noted) value).entry());
		}

	}

}
