package org.sessionlink.outbound;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SocketAttributesTest {

	private final Map<String, Object> all = new ConcurrentHashMap<>(Map.of("sessionId", "secret"));

	private final Map<String, Object> attributes = new SocketAttributes(this.all);

	@Test
	void theyPrintTheirNamesAlone() {
		assertThat(this.attributes).hasToString("[sessionId]");
		assertThat(this.attributes).isEqualTo(this.all).hasSameHashCodeAs(this.all);
	}

	@Test
	void whatIsChangedIsChangedInTheSocketAndAtOnce() {
		this.attributes.put("put", 1);
		this.attributes.putIfAbsent("absent", 1);
		this.attributes.computeIfAbsent("computed", (name) -> 1);
		this.attributes.compute("computed", (name, value) -> (Integer) value + 1);
		this.attributes.computeIfPresent("computed", (name, value) -> (Integer) value + 1);
		this.attributes.merge("put", 1, (one, other) -> (Integer) one + (Integer) other);
		this.attributes.replace("absent", 2);
		this.attributes.replace("absent", 2, 3);
		this.attributes.remove("sessionId");
		this.attributes.remove("put", 9);

		assertThat(this.all).containsOnly(Map.entry("put", 2), Map.entry("absent", 3), Map.entry("computed", 3));
		assertThat(this.attributes.get("put")).isEqualTo(2);
		assertThat(this.attributes.containsKey("sessionId")).isFalse();
	}

}
