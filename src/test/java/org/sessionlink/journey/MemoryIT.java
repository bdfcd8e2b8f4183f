package org.sessionlink.journey;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B38: what a socket costs, and the warning where settings make it cost much. */
@OnQuietContainers
class MemoryIT {

	private static final int SOCKETS = 60;

	private static final String LARGE_BUFFERS = """
			<Context>
			  <Parameter name="org.apache.tomcat.websocket.textBufferSize" value="1048576"/>
			  <Parameter name="org.apache.tomcat.websocket.binaryBufferSize" value="1048576"/>
			</Context>
			""";

	private final Container container;

	MemoryIT(Container container) {
		this.container = container;
	}

	@Test
	void anIdleSocketTakesNoMoreHeapThanTheContainerNeeds() {
		heapOfSockets();

		assertThat(heapOfSockets() / SOCKETS).isLessThan(68 * 1024);
	}

	@Test
	void theStartWarnsOfJettysHeaderCacheAndOfNothingThatTheOthersHaveByThemselves() {
		List<String> warnings = warnings(this.container.log());

		if (this.container.toString().equals("jetty")) {
			assertThat(warnings)
				.allMatch((line) -> line.contains("100 KB") && line.contains("jetty.httpConfig.headerCacheSize=0"))
				.isNotEmpty();
		}
		else {
			// Those of the other test are not its own.
			assertThat(warnings).allMatch((line) -> line.contains("1048576"));
		}
	}

	@Test
	void theStartWarnsOfLargeBuffersOfTomcat() {
		int start = this.container.log().length();

		this.container.deploy(War.withSettingsAndFile("", "META-INF/context.xml", LARGE_BUFFERS), "large");
		try {
			List<String> warnings = warnings(this.container.log().substring(start));

			if (this.container.toString().equals("tomcat")) {
				assertThat(warnings).singleElement()
					.asString()
					.contains("3112 KB", "org.apache.tomcat.websocket.textBufferSize is 1048576");
			}
			else {
				assertThat(warnings).noneMatch((line) -> line.contains("1048576"));
			}
		}
		finally {
			this.container.undeploy("large");
		}
	}

	private long heapOfSockets() {
		Visitor visitor = new Visitor(this.container);
		visitor.change("POST", "/session");
		long before = this.container.heapOf("");
		List<Socket> sockets = IntStream.range(0, SOCKETS)
			.mapToObj((i) -> visitor.connect().subscribe("sub-0", "/topic/reply"))
			.toList();
		long after = this.container.heapOf("");
		visitor.change("DELETE", "/session");
		sockets.forEach(Socket::awaitClose);
		return after - before;
	}

	private static List<String> warnings(String log) {
		return log.lines().filter((line) -> line.contains("WARN") && line.contains("Each socket ")).toList();
	}

}
