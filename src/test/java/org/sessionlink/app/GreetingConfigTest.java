package org.sessionlink.app;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the greeting takes for {@code {"name": "..."}}. */
class GreetingConfigTest {

	private final List<MessageConverter> converters = new ArrayList<>();

	private boolean springsOwnToo;

	@BeforeEach
	void configure() {
		this.springsOwnToo = new GreetingConfig().configureMessageConverters(this.converters);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "application/json", "application/json;charset=utf-8", "text/plain" })
	void aNameIsReadWithOrWithoutAContentType(String contentType) {
		assertThat(read(contentType, "{\"name\": \"Zoë 🦊\"}")).isEqualTo(new GreetingRequest("Zoë 🦊"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"name\": null}", "{\"nom\": \"Ada\"}" })
	void aMissingNameIsReadAsNone(String body) {
		assertThat(read("application/json", body)).isEqualTo(new GreetingRequest(null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"name\": 42}", "{\"name\": 4.2}", "{\"name\": true}", "{\"name\": [\"Ada\"]}",
			"{\"name\": {}}", "{\"name\": \"Ada\"", "{\"name\": \"Ada\"} {}", "{\"name\": \"Ada\"} and more", "Ada",
			"\"Ada\"", "[\"Ada\"]", "" })
	void whatIsNoNameInJsonIsNotReadable(String body) {
		assertThatExceptionOfType(MessageConversionException.class).isThrownBy(() -> read("application/json", body));
	}

	@Test
	void springsLenientConvertersAreNotAsked() {
		assertThat(this.springsOwnToo).isFalse();
	}

	@Test
	void aNameGoesOutAsText() {
		Message<?> answer = new CompositeMessageConverter(this.converters).toMessage("Zoë 🦊", null);

		assertThat(answer.getPayload()).isEqualTo("Zoë 🦊".getBytes(StandardCharsets.UTF_8));
		assertThat(answer.getHeaders()).containsEntry(MessageHeaders.CONTENT_TYPE,
				new MimeType("text", "plain", StandardCharsets.UTF_8));
	}

	private Object read(String contentType, String body) {
		Map<String, Object> headers = (contentType != null)
				? Map.of(MessageHeaders.CONTENT_TYPE, MimeType.valueOf(contentType)) : Map.of();
		return new CompositeMessageConverter(this.converters).fromMessage(
				MessageBuilder.createMessage(body.getBytes(StandardCharsets.UTF_8), new MessageHeaders(headers)),
				GreetingRequest.class);
	}

}
