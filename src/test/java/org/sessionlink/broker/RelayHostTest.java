package org.sessionlink.broker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RelayHostTest {

	@Test
	void aHostHasThePortOfItsOwnOrTheUsualOne() {
		assertThat(RelayHost.of("broker.example.com")).isEqualTo(new RelayHost("broker.example.com", 61_613));
		assertThat(RelayHost.of("10.0.0.7:61614")).isEqualTo(new RelayHost("10.0.0.7", 61_614));
		assertThat(RelayHost.of("[::1]")).isEqualTo(new RelayHost("::1", 61_613)).hasToString("[::1]:61613");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a:0", "a:65536", "a:x", "::1", "stomp://a", "a:1:2", "[a]:1" })
	void whatIsNoHostIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> RelayHost.of(text)).withMessageContaining("use hosts");
	}

}
