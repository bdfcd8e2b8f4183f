package org.sessionlink.watch;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketClosed;
import org.sessionlink.link.TrafficSum;
import org.sessionlink.watch.CloseLogSettings.Format;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** B53: a line for each socket that has closed. */
class CloseLogTest {

	private static final String FORGED = "Eve\" code=1000\n2026 INFO event=close \\ \u202Eevil\u2028 \uD83E\uDD8A\uD83E \u00E9";

	private final Link link = new Town().desk;

	@Test
	void aLineIsLogfmt() {
		String line = line(Format.LOGFMT, true, closed("s-1", "ada", "192.0.2.1", "Mozilla/5.0 (X11)"));

		assertThat(line).isEqualTo("INFO event=close code=1008 cause=session-kicked link=" + this.link.fingerprint()
				+ " socket=\"s-1\" user=\"ada\" age=61.007 silent=0.250 frames_in=1 frames_out=3 bytes_in=2"
				+ " bytes_out=4 waiting=5 subscriptions=6 address=\"192.0.2.1\" agent=\"Mozilla/5.0 (X11)\"");
	}

	@Test
	void whatIsNotKnownIsLeftOutAndTheUserWhereTheSettingsWantThat() {
		assertThat(line(Format.LOGFMT, true, closed("s-1", null, null, null))).doesNotContain("user=", "address=",
				"agent=");
		assertThat(line(Format.LOGFMT, false, closed("s-1", "ada", null, null))).doesNotContain("user", "ada");
		assertThat(line(Format.JSON, false, closed("s-1", "ada", null, null))).doesNotContain("user", "ada");
	}

	@Test
	void nothingThatAStrangerChoosesForgesAFieldOrALine() {
		String line = line(Format.LOGFMT, true, closed(FORGED, FORGED, FORGED, FORGED));

		assertThat(line).doesNotContain("\n", "\u202E", "\u2028")
			.containsPattern("socket=\"Eve\\\\\" code=1000\\\\u000a2026")
			.contains("\\\\ \\u202eevil\\u2028 \\ud83e\\udd8a\\ud83e \u00E9\"");
		assertThat(line.replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "text").split(" ")).hasSize(17)
			.allMatch((field) -> field.equals("INFO") || field.matches("[a-z_]+=[a-z0-9.-]+"));
	}

	@Test
	void aLineIsAnObjectOfJson() {
		String line = line(Format.JSON, true, closed(FORGED, "ada", "::1", FORGED));

		JsonNode json = JsonMapper.shared().readTree(line.substring("INFO ".length()));
		assertThat(json.propertyNames()).containsExactly("event", "code", "cause", "link", "socket", "user", "age",
				"silent", "frames_in", "frames_out", "bytes_in", "bytes_out", "waiting", "subscriptions", "address",
				"agent");
		assertThat(json.get("code").intValue()).isEqualTo(1008);
		assertThat(json.get("age").doubleValue()).isEqualTo(61.007);
		assertThat(json.get("socket").stringValue()).isEqualTo(FORGED);
		assertThat(json.get("agent").stringValue()).isEqualTo(FORGED);
	}

	@Test
	void textOfAnyLengthIsCut() {
		assertThat(line(Format.LOGFMT, true, closed("s-1", "\n".repeat(9_999), null, null))).hasSizeLessThan(2_000);
	}

	@Test
	void switchedOffThereIsNone() {
		try (RecordedLog log = RecordedLog.of(CloseLog.LOGGER)) {
			new CloseLog(new CloseLogSettings(Format.OFF, true)).accept(closed("s-1", "ada", null, null));

			assertThat(log.lines()).isEmpty();
		}
	}

	private static String line(Format format, boolean user, SocketClosed socket) {
		try (RecordedLog log = RecordedLog.of(CloseLog.LOGGER)) {
			new CloseLog(new CloseLogSettings(format, user)).accept(socket);
			assertThat(log.lines()).hasSize(1);
			return log.lines().get(0);
		}
	}

	private SocketClosed closed(String id, String user, String address, String agent) {
		return new SocketClosed(id, this.link, user, 1008, CloseCause.of(EndCause.KICKED), this.link.createdAt(),
				Duration.ofMillis(61_007), Duration.ofMillis(250), new TrafficSum(1, 2, 3, 4), 5, 6, address, agent);
	}

}
