package org.sessionlink;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B29: each metric moves for the case that it counts, and for no other. */
class MetricsTest {

	private final InProcess server = InProcess.onSessionLink(Counted.class,
			Map.of("sessionlink.destinations.keep", "/topic/kept", "sessionlink.limits.send-buffer", "1KB"));

	private final MeterRegistry registry = this.server.bean(MeterRegistry.class);

	private InProcess.Peer peer;

	@AfterEach
	void stop() {
		if (this.peer != null) {
			this.peer.goOn();
		}
		this.server.close();
	}

	@Test
	void linksAndSocketsThatAreOpen() {
		this.peer = this.server.connect("1.2");
		this.server.connectBeside(this.peer);
		assertThat(value("sessionlink.links")).isEqualTo(1);
		assertThat(value("sessionlink.sockets")).isEqualTo(2);

		this.server.cut(this.peer);

		await().untilAsserted(() -> assertThat(value("sessionlink.sockets")).isEqualTo(1));
		assertThat(value("sessionlink.links")).isEqualTo(1);
	}

	@Test
	void anEndOfALinkItsSocketsAndHowLongThatTook() {
		this.peer = this.server.connect("1.2");
		Link link = this.peer.link();

		link.end(EndCause.KICKED);
		await().until(() -> !this.peer.isOpen());
		this.server.cut(this.peer);

		await().untilAsserted(
				() -> assertThat(value("sessionlink.closed", "code", "1008", "cause", "session-kicked")).isEqualTo(1));
		assertThat(value("sessionlink.ended", "cause", "session-kicked")).isEqualTo(1);
		assertThat(sum("sessionlink.ended")).isEqualTo(1);
		assertThat(sum("sessionlink.closed")).isEqualTo(1);
		assertThat(value("sessionlink.links")).isZero();
		assertThat(this.registry.get("sessionlink.close").timer().count()).isEqualTo(1);
		assertThat(this.registry.get("sessionlink.expiry.lateness").timer().count()).isZero();
	}

	@Test
	void framesThatComeAndGoByTheirCommands() {
		this.peer = this.server.connect("1.2");
		send("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");
		send("SEND\ndestination:/topic/a\n\nhello\0");
		send("SEND\ndestination:/topic/a\nreceipt:7\n\nhello\0");
		send("\n");

		await().until(() -> this.peer.received().size() == 4);
		assertThat(frames("in", "CONNECT")).isEqualTo(1);
		assertThat(frames("in", "SUBSCRIBE")).isEqualTo(1);
		assertThat(frames("in", "SEND")).isEqualTo(2);
		assertThat(frames("in", "HEARTBEAT")).isEqualTo(1);
		await().untilAsserted(() -> assertThat(frames("out", "MESSAGE")).isEqualTo(2));
		await().untilAsserted(() -> assertThat(frames("out", "RECEIPT")).isEqualTo(1));
		assertThat(frames("out", "CONNECTED")).isEqualTo(1);
		assertThat(this.registry.get("sessionlink.handle").timer().count()).isEqualTo(4);
	}

	@Test
	void aFrameWhoseMethodFailsIsTimedLikeAnyOther() {
		this.peer = this.server.connect("1.2");

		send("SEND\ndestination:/app/fail\n\n\0");

		assertThat(this.registry.get("sessionlink.handle").timer().count()).isEqualTo(2);
	}

	@Test
	void whatIsRefusedByItsReason() {
		this.peer = this.server.connect("1.2");

		send("SEND\ndestination:/elsewhere\n\n\0");

		assertThat(value("sessionlink.refused", "reason", "destination-not-allowed")).isEqualTo(1);
		assertThat(sum("sessionlink.refused")).isEqualTo(1);
	}

	@Test
	void whatStrangersChooseIsNoTag() {
		this.peer = this.server.connect("1.2");
		double before = this.registry.getMeters().size();

		send("SEND\ndestination:/elsewhere/of-a-stranger\n\n\0");
		send("OFASTRANGER\nof-a-stranger:1\n\n\0");

		assertThat(this.registry.getMeters()).hasSize((int) before);
		assertThat(((PrometheusMeterRegistry) this.registry).scrape()).doesNotContainIgnoringCase("stranger");
		assertThat(((PrometheusMeterRegistry) this.registry).scrape()).doesNotContain(this.peer.link().fingerprint(),
				this.peer.getId());
	}

	@Test
	void whatWaitsForAClientThatDoesNotRead() {
		this.peer = this.server.connect("1.2");
		send("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");
		this.peer.stall();
		this.server.template().convertAndSend("/topic/a", "first".getBytes(StandardCharsets.UTF_8));
		this.peer.awaitStalled();
		assertThat(value("sessionlink.outbox.waiting")).isZero();

		this.server.template().convertAndSend("/topic/a", new byte[400]);

		await().untilAsserted(() -> assertThat(value("sessionlink.outbox.waiting")).isBetween(400.0, 900.0));
		this.peer.goOn();
		await().untilAsserted(() -> assertThat(value("sessionlink.outbox.waiting")).isZero());
	}

	@Test
	void whoComesBackForWhatWasMissed() {
		this.peer = this.server.connect("1.2");
		send("SUBSCRIBE\nid:1\ndestination:/topic/kept\nresume:*\nreceipt:2\n\n\0");
		await().until(() -> this.peer.received().size() == 2);
		String position = this.peer.received().get(1).headers().get("resume").get(0);
		double before = value("sessionlink.recovered", "result", "yes");
		send("SEND\ndestination:/topic/kept\n\none\0");

		InProcess.Peer back = this.server.connectBeside(this.peer);
		this.server.handle(back,
				new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/kept\nreceipt:3\nresume:" + position + "\n\n\0"));

		await().untilAsserted(() -> assertThat(value("sessionlink.recovered", "result", "yes")).isEqualTo(before + 1));
		assertThat(value("sessionlink.recovered", "result", "no")).isZero();
		this.server.handle(back,
				new TextMessage("SUBSCRIBE\nid:2\ndestination:/topic/kept\nreceipt:4\nresume:elsewhere:1\n\n\0"));
		await().untilAsserted(() -> assertThat(value("sessionlink.recovered", "result", "no")).isEqualTo(1));
	}

	private void send(String frame) {
		this.server.handle(this.peer, new TextMessage(frame));
	}

	private double frames(String direction, String command) {
		return value("sessionlink.frames", "direction", direction, "command", command);
	}

	private double value(String name, String... tags) {
		return this.registry.get(name).tags(tags).meter().measure().iterator().next().getValue();
	}

	private double sum(String name) {
		return this.registry.find(name)
			.meters()
			.stream()
			.mapToDouble((meter) -> meter.measure().iterator().next().getValue())
			.sum();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class Counted extends OneEndpoint {

		@Bean
		static MeterRegistry registry() {
			PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
			registry.config().commonTags(List.of(Tag.of("shop", "one")));
			return registry;
		}

		@Bean
		static Failing failing() {
			return new Failing();
		}

	}

	@Controller
	static class Failing {

		@MessageMapping("/fail")
		void fail() {
			throw new IllegalStateException("on purpose");
		}

	}

}
