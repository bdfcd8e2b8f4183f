package org.sessionlink;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The WAR's own log, which is text or JSON. */
class LogFormatTest {

	private static final String FORGED = "one \"line\"\n{\"level\":\"INFO\"}";

	@Test
	void aLineIsAnObjectOfJsonWhereTheEnvironmentWantsThat() throws JoranException {
		String written = logged("json");

		assertThat(written.lines()).hasSize(1);
		JsonNode line = JsonMapper.shared().readTree(written);
		assertThat(line.get("level").stringValue()).isEqualTo("WARN");
		assertThat(line.get("loggerName").stringValue()).isEqualTo("org.sessionlink.close");
		assertThat(line.get("formattedMessage").stringValue()).isEqualTo("Said: " + FORGED);
		assertThat(line.get("throwable").get("message").stringValue()).isEqualTo("on purpose");
		assertThat(line.get("timestamp").longValue()).isPositive();
		assertThat(line.propertyNames()).doesNotContain("arguments", "context");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "text", "nonsense" })
	void elseItIsText(String format) throws JoranException {
		assertThat(logged(format)).containsPattern("^\\d{4}-\\d\\d-\\d\\dT\\S+ WARN  org.sessionlink.close +Said: one")
			.contains("java.lang.IllegalStateException: on purpose");
	}

	private static String logged(String format) throws JoranException {
		ByteArrayOutputStream written = new ByteArrayOutputStream();
		PrintStream before = System.out;
		LoggerContext context = new LoggerContext();
		System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
		try {
			if (format != null) {
				context.putProperty("LOG_FORMAT", format);
			}
			context.setMDCAdapter(new LogbackMDCAdapter());
			JoranConfigurator configurator = new JoranConfigurator();
			configurator.setContext(context);
			configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
			assertThat(context.getStatusManager().getCopyOfStatusList())
				.allMatch((status) -> status.getLevel() < Status.WARN);
			context.getLogger("org.sessionlink.close")
				.warn("Said: {}", FORGED, new IllegalStateException("on purpose"));
		}
		finally {
			context.stop();
			System.setOut(before);
		}
		return written.toString(StandardCharsets.UTF_8);
	}

}
