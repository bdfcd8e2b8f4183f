package org.sessionlink.watch;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What servers ask each other, and answer, as JSON. Servers of other versions may say
 * more. Apart, so that it is loaded only where there are several.
 */
final class ServersJson {

	private static final JsonMapper json = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	private ServersJson() {
	}

	static String write(Object value) {
		return json.writeValueAsString(value);
	}

	/**
	 * Reads what another server has written.
	 * @throws RuntimeException if it makes no sense
	 */
	static <T> T read(String text, Class<T> type) {
		return json.readValue(text, type);
	}

}
