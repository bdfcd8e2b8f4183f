package org.sessionlink.handling;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.inbound.Frame;

import org.springframework.messaging.simp.stomp.StompDecoder;

import static org.assertj.core.api.Assertions.assertThat;

class HeldFramesTest {

	private static final Frame HEARTBEAT = frame("\n");

	private final HeldFrames held = new HeldFrames(1_000);

	@Test
	void whoAddsToAFreeSocketWorksForItUntilNothingIsLeft() {
		assertThat(this.held.add(List.of(send("one"), send("two")))).isTrue();
		assertThat(this.held.add(List.of(send("three")))).isFalse();

		assertThat(taken()).containsExactly("one", "two", "three");
		assertThat(this.held.add(List.of(send("four")))).isTrue();
		assertThat(taken()).containsExactly("four");
	}

	@Test
	void aSocketStaysTakenThoughNothingWaitsUntilItIsGivenBack() {
		this.held.add(List.of(send("one")));
		this.held.next();

		assertThat(this.held.add(List.of(send("two")))).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "63, false, false", "64, true, false", "1023, true, false", "1024, true, true" })
	void soManyFramesFillIt(int frames, boolean full, boolean over) {
		assertThat(held(frames, 0).isFull()).isEqualTo(full);
		assertThat(held(frames, 0).isOver()).isEqualTo(over);
	}

	@ParameterizedTest
	@CsvSource({ "999, false, false", "1000, true, false", "3999, true, false", "4000, true, true" })
	void soManyBytesFillIt(int bytes, boolean full, boolean over) {
		assertThat(held(1, bytes).isFull()).isEqualTo(full);
		assertThat(held(1, bytes).isOver()).isEqualTo(over);
	}

	@Test
	void whatIsTakenOutMakesRoom() {
		HeldFrames frames = held(1, 1_000);
		assertThat(frames.hasRoom()).isFalse();

		frames.next();

		assertThat(frames.isFull()).isFalse();
		assertThat(frames.hasRoom()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "32, 0, true", "33, 0, false", "1, 500, true", "1, 501, false" })
	void halfOfItIsRoom(int frames, int bytes, boolean room) {
		assertThat(held(frames, bytes).hasRoom()).isEqualTo(room);
	}

	@Test
	void whatIsHandledAtOnceDoesNotFillIt() {
		this.held.add(List.of(send("x".repeat(5_000)), send("x".repeat(5_000))));

		assertThat(this.held.isFull()).isFalse();
	}

	@Test
	void heartbeatsOneBehindTheOtherAreOne() {
		take();

		this.held.add(List.of(HEARTBEAT, HEARTBEAT));
		this.held.add(List.of(HEARTBEAT, send("one"), HEARTBEAT, send("two"), send("three")));

		assertThat(taken()).containsExactly("heart-beat", "one", "heart-beat", "two", "three");
	}

	@Test
	void aCloseDropsWhatWaitsAndWhatComes() {
		this.held.add(List.of(send("x".repeat(900))));
		this.held.add(List.of(send("x".repeat(900))));

		this.held.close();

		assertThat(this.held.isClosed()).isTrue();
		assertThat(this.held.isFull()).isFalse();
		assertThat(this.held.add(List.of(send("late")))).isFalse();
		assertThat(this.held.next()).isNull();
		assertThat(this.held.add(List.of(send("later")))).isFalse();
	}

	private void take() {
		this.held.add(List.of(send("first")));
		this.held.next();
	}

	private static HeldFrames held(int frames, int bytes) {
		HeldFrames filled = new HeldFrames((bytes > 0) ? 1_000 : Integer.MAX_VALUE);
		filled.add(List.of(send("first")));
		filled.next();
		for (int i = 0; i < frames; i++) {
			filled.add(List.of((bytes > 0) ? new Frame(new StompDecoder().decode(ByteBuffer.wrap(sized(bytes))).get(0))
					: send("")));
		}
		return filled;
	}

	// Of exactly this size, with its one header.
	private static byte[] sized(int bytes) {
		return ("SEND\na:b\n\n" + "x".repeat(bytes - 2) + "\0").getBytes(StandardCharsets.UTF_8);
	}

	private List<String> taken() {
		List<String> all = new ArrayList<>();
		for (Frame frame = this.held.next(); frame != null; frame = this.held.next()) {
			all.add(frame.isHeartbeat() ? "heart-beat"
					: new String(frame.message().getPayload(), StandardCharsets.UTF_8));
		}
		return all;
	}

	private static Frame send(String body) {
		return frame("SEND\ndestination:/app/a\n\n" + body + "\0");
	}

	static Frame frame(String text) {
		return new Frame(new StompDecoder().decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))).get(0));
	}

}
