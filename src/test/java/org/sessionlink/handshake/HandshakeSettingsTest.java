package org.sessionlink.handshake;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeSettingsTest {

	@ParameterizedTest
	@CsvSource({ "AUTO, false, false", "AUTO, true, true", "ALWAYS, false, true", "ALWAYS, true, true",
			"NEVER, false, false", "NEVER, true, false" })
	void theCookieIsSecureBehindTrustedProxiesUnlessSaidOtherwise(SecureCookie setting, boolean proxies,
			boolean secure) {
		List<TrustedProxy> trusted = proxies ? List.of(new TrustedProxy("::1")) : List.of();

		HandshakeSettings settings = new HandshakeSettings(SessionPolicy.CREATE, List.of(), List.of(), trusted,
				setting);

		assertThat(settings.makesCookieSecure()).isEqualTo(secure);
	}

}
