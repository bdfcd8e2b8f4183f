package org.sessionlink;

import java.io.IOException;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.cluster.RealRedis;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B29: what is metered of the store and the broker. */
class EngineFiguresTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void aServerThatStandsAloneHasNeither() {
		start(Map.of());

		assertThat(registry().getMeters()).extracting((meter) -> meter.getId().getName())
			.contains("sessionlink.links")
			.noneMatch((name) -> name.startsWith("sessionlink.store") || name.startsWith("sessionlink.relay")
					|| name.equals("sessionlink.nodes"));
	}

	@Test
	void whetherTheBrokerIsThereWhoHasALineToItAndHowOftenItWentAway() throws IOException {
		FakeBroker broker = new FakeBroker();
		start(Map.of("sessionlink.relay.hosts", broker.host(), "sessionlink.heartbeat", "1s"));
		RelayedTest.awaitBroker(this.server);
		assertThat(value("sessionlink.relay.up")).isOne();
		assertThat(value("sessionlink.relay.clients")).isZero();
		RelayedTest.clientAt(broker, this.server);
		assertThat(value("sessionlink.relay.clients")).isOne();
		assertThat(value("sessionlink.relay.outages")).isZero();
		assertThat(value("sessionlink.relay.waiting")).isNotNegative();

		broker.close();

		await().untilAsserted(() -> assertThat(value("sessionlink.relay.up")).isZero());
		await().untilAsserted(() -> assertThat(value("sessionlink.relay.outages")).isOne());
	}

	@Test
	void whetherTheStoreIsThereHowLongItTakesAndHowOftenItWentAway() {
		try (RealRedis redis = new RealRedis()) {
			start(Map.of("sessionlink.redis.url", redis.url()));
			await().untilAsserted(() -> assertThat(value("sessionlink.store.up")).isOne());
			assertThat(value("sessionlink.nodes")).isOne();
			await().untilAsserted(
					() -> assertThat(registry().get("sessionlink.store.command").timer().count()).isPositive());
			assertThat(value("sessionlink.store.outages")).isZero();

			try (RecordedLog log = RecordedLog.whole("org.sessionlink.cluster.StoreWatch")) {
				redis.freeze();
				await().untilAsserted(() -> assertThat(value("sessionlink.store.up")).isZero());
				await().until(() -> log.lines()
					.stream()
					.filter((line) -> line.contains("does not answer as it should"))
					.count() >= 2);
				assertThat(value("sessionlink.store.outages")).isOne();
			}
			finally {
				redis.thaw();
			}

			await().untilAsserted(() -> assertThat(value("sessionlink.store.up")).isOne());
			assertThat(value("sessionlink.store.outages")).isOne();
		}
	}

	private void start(Map<String, String> settings) {
		this.server = InProcess.onSessionLink(Metered.class, settings);
	}

	private MeterRegistry registry() {
		return this.server.bean(MeterRegistry.class);
	}

	private double value(String name) {
		return registry().get(name).meter().measure().iterator().next().getValue();
	}

	@Configuration
	@EnableSessionLink
	static class Metered extends OneEndpoint {

		@Bean
		static MeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

}
