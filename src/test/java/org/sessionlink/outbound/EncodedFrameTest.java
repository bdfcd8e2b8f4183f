package org.sessionlink.outbound;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;

class EncodedFrameTest {

	private static final String FRAME = "MESSAGE\nsubscription:1\ndestination:/topic/a\\cb\ncontent-length:6\n\n"
			+ "body\n\n\0";

	@Test
	void aMessageHasADestinationAsTextAndAsBytes() {
		BinaryMessage binary = new BinaryMessage(FRAME.getBytes(StandardCharsets.UTF_8));

		assertThat(EncodedFrame.destination(new TextMessage(FRAME))).isEqualTo("/topic/a:b");
		assertThat(EncodedFrame.destination(binary)).isEqualTo("/topic/a:b");
		assertThat(binary.getPayload().remaining()).isEqualTo(FRAME.length());
	}

	@Test
	void whatIsNoMessageHasNone() {
		assertThat(EncodedFrame.destination(new TextMessage("\n"))).isNull();
		assertThat(EncodedFrame.destination(new TextMessage("RECEIPT\nreceipt-id:1\n\n\0"))).isNull();
		assertThat(EncodedFrame.destination(new PingMessage())).isNull();
	}

}
