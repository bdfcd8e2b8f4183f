package org.sessionlink.outbound;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscriptions;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;

class EncodedFrameTest {

	private static final String FRAME = "MESSAGE\nsubscription:1\ndestination:/topic/a\\cb\ncontent-length:6\n\n"
			+ "body\n\n\0";

	@Test
	void aMessageHasADestinationAndASubscriptionAsTextAndAsBytes() {
		BinaryMessage binary = new BinaryMessage(FRAME.getBytes(StandardCharsets.UTF_8));

		assertThat(EncodedFrame.of(new TextMessage(FRAME))).isEqualTo(new EncodedFrame("/topic/a:b", "1"));
		assertThat(EncodedFrame.of(binary)).isEqualTo(new EncodedFrame("/topic/a:b", "1"));
		assertThat(binary.getPayload().remaining()).isEqualTo(FRAME.length());
	}

	@Test
	void whatIsNoMessageHasNone() {
		assertThat(EncodedFrame.of(new TextMessage("\n"))).isNull();
		assertThat(EncodedFrame.of(new TextMessage("RECEIPT\nreceipt-id:1\n\n\0"))).isNull();
		assertThat(EncodedFrame.of(new PingMessage())).isNull();
	}

	@Test
	void whatMayBeMissedIsAskedOfTheDestinationThatTheClientKnows() {
		Subscriptions subscriptions = new SocketLink(
				new Links(new FakeClock(), LinkPolicy.DEFAULT).open("key", "id", Home.GONE))
			.subscriptions();
		EncodedFrame rewritten = new EncodedFrame("/topic/elsewhere", "1");

		assertThat(rewritten.destination(subscriptions)).isEqualTo("/topic/elsewhere");
		subscriptions.add("1", "/topic/a", 0);

		assertThat(rewritten.destination(subscriptions)).isEqualTo("/topic/a");
	}

}
