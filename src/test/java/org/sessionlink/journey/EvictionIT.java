package org.sessionlink.journey;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B21: sessions that leave the memory while they are alive. Tomcat swaps them to a file
 * after a second here, and Jetty after each request; WildFly reads neither's file, and
 * shows that they do no harm.
 */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class EvictionIT {

	private static final String SWAPPING = """
			<Context>
			  <Manager className="org.apache.catalina.session.PersistentManager" maxIdleSwap="1" minIdleSwap="0"
			      processExpiresFrequency="1" saveOnRestart="false">
			    <Store className="org.apache.catalina.session.FileStore"/>
			  </Manager>
			</Context>
			""";

	private static final String UNCACHED = """
			<?xml version="1.0"?>
			<!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://jetty.org/configure_12.dtd">
			<Configure class="org.eclipse.jetty.ee11.webapp.WebAppContext">
			  <Get name="sessionHandler" id="sessions">
			    <Set name="sessionCache">
			      <New class="org.eclipse.jetty.session.NullSessionCache">
			        <Arg><Ref refid="sessions"/></Arg>
			        <Set name="sessionDataStore">
			          <New class="org.eclipse.jetty.session.FileSessionDataStore">
			            <Set name="storeDir">
			              <New class="java.io.File"><Arg><SystemProperty name="java.io.tmpdir"/>/uncached</Arg></New>
			            </Set>
			          </New>
			        </Set>
			      </New>
			    </Set>
			  </Get>
			</Configure>
			""";

	private final Container container;

	EvictionIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(EvictionIT.class, War.withSettingsAndFiles("sessionlink.session-timeout=6s",
				Map.of("META-INF/context.xml", SWAPPING, "WEB-INF/jetty-web.xml", UNCACHED)), "swapping");
	}

	@Test
	void aSessionThatIsOutOfMemoryIsKeptAliveByWhoTalksAndEndsOnTime() {
		Visitor visitor = new Visitor(this.container, "swapping");
		Socket socket = visitor.connect();
		String view = visitor.get("/session").body();
		Visitor deserted = new Visitor(this.container, "swapping");
		Socket silent = deserted.connect();
		long connected = System.nanoTime();
		ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
		try {
			clock.scheduleAtFixedRate(() -> socket.send("/app/message", "{\"name\":\"swapped\"}"), 0, 3,
					TimeUnit.SECONDS);
			await().during(Duration.ofSeconds(14)).atMost(Duration.ofSeconds(16)).until(socket::isOpen);
		}
		finally {
			clock.shutdownNow();
		}

		assertThat(silent.awaitClose().reason()).isEqualTo("session-expired");
		assertThat(silent.awaitClose().after(connected))
			.isLessThan(Standstills.addedTo(Duration.ofSeconds(7), connected));
		assertThat(deserted.get("/session").statusCode()).isEqualTo(404);
		assertThat(visitor.get("/session").body()).startsWith(view.substring(0, view.indexOf(',')));
		visitor.change("DELETE", "/session");
		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
	}

}
