package org.sessionlink.handshake;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class NetworkTest {

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, 10.255.0.1, true", "10.0.0.0/8, 11.0.0.1, false", "10.0.0.128/25, 10.0.0.127, false",
			"10.0.0.128/25, 10.0.0.255, true", "127.0.0.1, 127.0.0.1, true", "127.0.0.1, 127.0.0.2, false",
			"0.0.0.0/0, 203.0.113.9, true", "0.0.0.0/0, ::1, false", "::1, ::1, true", "::1, 0:0:0:0:0:0:0:1, true",
			"::1, 127.0.0.1, false", "fe80::/10, fe80::1%eth0, true", "fd00::/8, fe80::1, false",
			"10.0.0.0/8, ::ffff:10.0.0.1, true", "::/0, 2001:db8::1, true" })
	void anAddressIsInTheNetworkThatItBeginsAs(String network, String address, boolean contained) {
		assertThat(Network.of(network).contains(address)).isEqualTo(contained);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "unknown", "localhost", "proxy.example", "300.0.0.1", "10.0.0", "1", "10.0.0.0/33",
			"::/129", "::1/", "10.0.0.0/-1", "10.0.0.0/8/8", ":::", "abcd", ".::1", "10.0.0.1%eth0", "[::1]" })
	void whatIsNoAddressIsRefusedAndNoNameServerAsked(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Network.of(text));
	}

}
