package org.sessionlink.journey;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.sessionlink.journey.shop.Shop;

import static org.assertj.core.api.Assertions.assertThat;

/** B25 behind a real proxy that ends TLS. */
@OnEveryContainer
class ProxyIT {

	private static final String TRUSTING = "sessionlink.trusted-proxies=127.0.0.0/8, ::1\n";

	private static TlsProxy proxy;

	private final Container container;

	ProxyIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		Needed.command("HAProxy", "haproxy", "-v");
		War behind = War.withSettings(TRUSTING + "sessionlink.operator.password=secret\n");
		War shop = War.embedding(Shop.class.getPackage(), TRUSTING);
		War plain = War.withSettings(TRUSTING + "sessionlink.secure-cookie=never\n");
		SharedContainers.deploy(ProxyIT.class, Map.of("behind", behind, "shop-behind", shop, "plain-behind", plain));
	}

	@BeforeParameterizedClassInvocation
	static void start(Container container) {
		proxy = new TlsProxy(container);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		proxy.close();
	}

	@Test
	void theSessionCookieIsSecureAndLoginAndSocketsWorkThroughIt() {
		Visitor visitor = proxy.visitor("behind");

		HttpResponse<String> first = visitor.get("/csrf");
		HttpResponse<String> login = visitor.login("operator", "secret");
		Socket socket = visitor.open(Map.of("Origin", proxy.origin()), "v12.stomp")
			.connect()
			.subscribe("1", "/topic/reply")
			.send("/app/message", "{\"name\":\"Ada\"}");

		assertThat(socket.awaitMessage("1").body()).isEqualTo("Ada");
		assertThat(login.statusCode()).as(login.body()).isEqualTo(200);
		assertThat(List.of(first, login)).allSatisfy((answer) -> {
			assertThat(answer.headers().allValues("Set-Cookie")).singleElement()
				.asString()
				.containsPattern("(?i); ?secure")
				.containsPattern("(?i); ?httponly")
				.containsPattern("(?i); ?samesite=lax");
			assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
		});
		assertThat(visitor.get("/operator/links").statusCode()).isEqualTo(200);
	}

	@Test
	void theCookieOfAHandshakeIsSecureToo() {
		Handshake handshake = Handshake.at(this.container.url("behind", "/greeting"), "X-Forwarded-Proto: https",
				"X-Forwarded-Host: chat.example", "Origin: https://chat.example");

		assertThat(handshake.status()).isEqualTo(101);
		assertThat(handshake.header("Set-Cookie")).singleElement().asString().containsPattern("(?i); ?secure");
	}

	@Test
	void theSessionCookieOfAnotherApplicationIsSecure() {
		HttpResponse<String> answer = proxy.visitor("shop-behind").get("/colour?value=green");

		assertThat(answer.headers().allValues("Set-Cookie")).singleElement()
			.asString()
			.containsPattern("(?i); ?secure");
	}

	@Test
	void whoWantsPlainHttpGetsItAndIsToldSo() {
		Visitor direct = new Visitor(this.container, "plain-behind");

		HttpResponse<String> answer = direct.get("/csrf");

		assertThat(answer.headers().allValues("Set-Cookie")).singleElement()
			.asString()
			.doesNotContainPattern("(?i); ?secure");
		assertThat(this.container.log()).contains("The session cookie is Secure: browsers keep it over HTTPS alone.");
	}

	@Test
	void withoutProxiesPlainHttpWorks() {
		Visitor direct = new Visitor(this.container);

		HttpResponse<String> answer = direct.get("/csrf");

		assertThat(answer.headers().allValues("Set-Cookie")).singleElement()
			.asString()
			.doesNotContainPattern("(?i); ?secure");
	}

}
