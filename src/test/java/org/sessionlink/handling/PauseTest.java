package org.sessionlink.handling;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.inbound.Frame;

import static org.assertj.core.api.Assertions.assertThat;

class PauseTest {

	private final List<String> calls = new ArrayList<>();

	private final HeldFrames held = new HeldFrames(1_000_000);

	PauseTest() {
		this.held.add(List.of(frame()));
		this.held.next();
	}

	@Test
	void aFullHoldStopsTheReadingUntilHalfOfItIsGone() {
		Pause pause = new Pause(() -> Reading.of(new TomcatLike(this.calls)), this.held);
		add(63);
		assertThat(pause.look()).isFalse();
		assertThat(pause.isOn()).isFalse();

		add(1);
		assertThat(pause.look()).isTrue();
		assertThat(pause.look()).as("once more").isFalse();
		assertThat(pause.isOn()).isTrue();
		take(31);
		assertThat(pause.look()).isFalse();
		assertThat(this.calls).containsExactly("suspend");
		take(1);
		assertThat(pause.look()).isFalse();

		assertThat(pause.isOn()).isFalse();
		assertThat(this.calls).containsExactly("suspend", "resume");
	}

	@Test
	void framesThatAreTakenWhileReadingIsStoppedAreSeen() {
		Pause pause = new Pause(() -> Reading.of(new TomcatLike(this.calls) {

			@Override
			public void suspend() {
				super.suspend();
				take(40);
			}

		}), this.held);
		add(64);

		assertThat(pause.look()).isFalse();

		assertThat(pause.isOn()).isFalse();
		assertThat(this.calls).containsExactly("suspend", "resume");
	}

	@Test
	void readingThatCannotBeStoppedGoesOn() {
		Pause pause = new Pause(() -> Reading.of(new Object()), this.held);
		add(64);

		assertThat(pause.look()).isFalse();
		assertThat(pause.isOn()).isFalse();
	}

	@Test
	void theChannelBehindASessionIsAskedWhereThereIsOne() {
		Reading reading = Reading.of(new UndertowLike(this.calls));

		assertThat(reading.stop()).isTrue();
		reading.go();

		assertThat(this.calls).containsExactly("suspendReceives", "resumeReceives");
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "false, false" })
	void whatAContainerThrowsIsNotStopped(boolean works, boolean stopped) {
		Reading reading = Reading.of(works ? new TomcatLike(this.calls) : new BrokenLike());

		assertThat(reading.stop()).isEqualTo(stopped);
		reading.go();
	}

	@Test
	void aChannelThatIsNotThereCannotBeStopped() {
		Reading reading = Reading.of(new ClosedLike());

		assertThat(reading.stop()).isFalse();
		reading.go();
	}

	private void add(int count) {
		for (int i = 0; i < count; i++) {
			this.held.add(List.of(frame()));
		}
	}

	private void take(int count) {
		for (int i = 0; i < count; i++) {
			this.held.next();
		}
	}

	private static Frame frame() {
		return HeldFramesTest.frame("SEND\ndestination:/app/a\n\n\0");
	}

	/** As Tomcat's session. */
	public static class TomcatLike {

		private final List<String> calls;

		TomcatLike(List<String> calls) {
			this.calls = calls;
		}

		public void suspend() {
			this.calls.add("suspend");
		}

		public void resume() {
			this.calls.add("resume");
		}

	}

	/** As Undertow's session. */
	public record UndertowLike(List<String> calls) {

		public Channel getWebSocketChannel() {
			return new Channel(this.calls);
		}

	}

	/** As Undertow's channel. */
	public record Channel(List<String> calls) {

		public void suspendReceives() {
			this.calls.add("suspendReceives");
		}

		public void resumeReceives() {
			this.calls.add("resumeReceives");
		}

	}

	/** As a session that is in no state for it. */
	public record BrokenLike() {

		public void suspend() {
			throw new IllegalStateException("as of a container");
		}

		public void resume() {
			throw new IllegalStateException("as of a container");
		}

	}

	/** As a session that has lost its channel. */
	public record ClosedLike() {

		public Channel getWebSocketChannel() {
			throw new IllegalStateException("as of a container");
		}

	}

}
