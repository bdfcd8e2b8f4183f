package org.sessionlink.handshake;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OriginTest {

	@ParameterizedTest
	@ValueSource(strings = { "https://www.example.org", "http://localhost:8080", "http://127.0.0.1",
			"https://[::1]:8443", "https://xn--bcher-kva.example", "http://a.example:443" })
	void anOriginIsSchemeHostAndPort(String value) {
		assertThat(new Origin(value).value()).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "capacitor://localhost", "ionic://localhost", "tauri://localhost", "app://.",
			"app://bundle.example", "chrome-extension://abcdefghijklmnop", "http://tauri.localhost" })
	void thePagesOfAnAppHaveASchemeOfTheirOwn(String value) {
		assertThat(new Origin(value).value()).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "capacitor://", "capacitor:localhost", "capacitor://localhost/", "App://x", "app://*",
			"app://a b", "wss://a.example", "ftp://a.example", "app://u@x", "app://x:port", "", "*", "null", "https:",
			"https://", "https://:80", "https://a.example:", "//a.example", "https:a.example", "https://a.example/",
			"https://a.example:x", "file:///a", "ws://a.example", "https://a.example:443", "http://a.example:80" })
	void whatNoBrowserSendsIsNone(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Origin(value))
			.withMessageStartingWith("use exact origins");
	}

}
