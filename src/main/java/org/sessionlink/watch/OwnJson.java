package org.sessionlink.watch;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Gives what SessionLink's own pages and scripts read the names, nulls and times that
 * they know, however the application writes its own JSON.
 */
@ControllerAdvice(assignableTypes = { ConsoleController.class, OperatorController.class, DrainController.class,
		SessionController.class, MySessionsController.class })
final class OwnJson implements ResponseBodyAdvice<Object> {

	private static final JsonMapper json = new JsonMapper();

	@Override
	public boolean supports(MethodParameter method, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter method, MediaType type,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		// Of maps and lists no converter makes anything else; but of what a method says
		// to be a list it expects the elements that are said, as it does not of an array.
		Object plain = (body != null) ? json.convertValue(body, Object.class) : null;
		return (plain instanceof List<?> list) ? list.toArray() : plain;
	}

}
