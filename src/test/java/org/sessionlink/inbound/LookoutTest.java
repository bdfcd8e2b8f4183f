package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;

class LookoutTest {

	private final Lookout lookout = new Lookout(Methods.blockingIn(SlowController.class, MixedController.class));

	@ParameterizedTest
	@ValueSource(strings = { "/app/slow", "/app/slow/a:b", "/own/slow", "/app/all/of/it", "/app/größe", "/app/list",
			"/app/orders\\c7", "/app/sl\\nw" })
	void aFrameForABlockingMethodIsSeen(String destination) {
		String frame = "SEND\r\ncontent-type:text/plain\r\ndestination:" + destination + "\r\n\r\nbody\0";

		assertThat(this.lookout.sees(new TextMessage(frame))).isTrue();
		assertThat(this.lookout.sees(new BinaryMessage(frame.getBytes(StandardCharsets.UTF_8)))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/app/mixed", "/app/slower", "/topic/slow", "/slow", "/app/slow/a/b", "/app/orders:8" })
	void otherFramesAreNot(String destination) {
		String frame = "SEND\ndestination:" + destination + "\n\nbody\0\n";

		assertThat(this.lookout.sees(new TextMessage(frame))).isFalse();
		assertThat(this.lookout.sees(new TextMessage("\n"))).isFalse();
		assertThat(this.lookout.sees(new PongMessage())).isFalse();
	}

	@Test
	void oneFrameAmongOthersIsSeen() {
		assertThat(this.lookout.sees(new TextMessage("SEND\ndestination:/app/quick\n\n\0"
				+ "SEND\ndestination:/app/slow\n\n\0SEND\ndestination:/app/quick\n\n\0")))
			.isTrue();
	}

	@Test
	void aFrameInPartsIsSeenUntilItEndsWhereverItIsSplit() {
		String frame = "SEND\ndestination:/app/slow\nx:y\n\nbody\0";

		for (int i = 1; i < frame.length(); i++) {
			boolean first = this.lookout.sees(new TextMessage(frame.substring(0, i), false));
			boolean second = this.lookout.sees(new TextMessage(frame.substring(i), true));

			assertThat(second).as("split at %s", i).isTrue();
			assertThat(first).as("split at %s", i).isEqualTo(i >= "SEND\ndestination:/app/slow".length());
			assertThat(this.lookout.sees(new TextMessage("SEND\ndestination:/app/quick\n\n\0"))).isFalse();
		}
	}

	@Test
	void aFrameOverSeveralMessagesIsSeenUntilItEnds() {
		assertThat(this.lookout.sees(new TextMessage("SEND\ndestination:/app/slow\n\nbo"))).isTrue();
		assertThat(this.lookout.sees(new TextMessage("\n"))).isTrue();
		assertThat(this.lookout.sees(new TextMessage("dy"))).isTrue();
		assertThat(this.lookout.sees(new TextMessage("\0\n"))).isTrue();
		assertThat(this.lookout.sees(new TextMessage("\n"))).isFalse();
	}

	@Test
	void aLookLeavesTheBytesToBeRead() {
		BinaryMessage message = new BinaryMessage(ByteBuffer.wrap(new byte[] { 1, 2, 3 }));

		this.lookout.sees(message);

		assertThat(message.getPayload().remaining()).isEqualTo(3);
	}

	@Test
	void whereNoMethodBlocksThereIsNothingToLookFor() {
		assertThat(Methods.blockingIn(QuickController.class).isEmpty()).isTrue();
	}

	static class QuickController {

		@MessageMapping("/quick")
		void quick() {
			// It is not called.
		}

	}

	static class MixedController {

		@MessageMapping("/mixed")
		void quick() {
			// It is not called.
		}

		@Blocking
		@MessageMapping({ "/slow", "slow/{one}", "/größe" })
		void slow() {
			// It is not called.
		}

	}

	@Blocking
	static class SlowController {

		@MessageMapping({ "/all/**", "/orders:7" })
		void all() {
			// It is not called.
		}

		@SubscribeMapping("/list")
		void list() {
			// It is not called.
		}

	}

}
