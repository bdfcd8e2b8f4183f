package org.sessionlink.watch;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Gives what SessionLink's own pages and scripts read the names, nulls and times that
 * they know, however the application writes its own JSON; without Jackson 3 it says
 * itself how.
 */
@ControllerAdvice(assignableTypes = { ConsoleController.class, OperatorController.class, DrainController.class,
		SessionController.class, MySessionsController.class })
@Lazy(false)
@Fallback
final class OwnJson implements ResponseBodyAdvice<Object> {

	private static final boolean THERE = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper",
			OwnJson.class.getClassLoader());

	@Override
	public boolean supports(MethodParameter method, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter method, MediaType type,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		return (body != null && THERE) ? Plain.of(body) : body;
	}

	/** A class of its own, so that it is loaded only where there is Jackson. */
	private static final class Plain {

		private static final JsonMapper json = new JsonMapper();

		// Of maps and lists no converter makes anything else; but of what a method says
		// to be a list it expects the elements that are said, as it does not of an array.
		static Object of(Object body) {
			Object plain = json.convertValue(body, Object.class);
			return (plain instanceof List<?> list) ? list.toArray() : plain;
		}

	}

}
