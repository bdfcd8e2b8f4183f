package org.sessionlink.store;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import jakarta.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.wildfly.clustering.session.SessionThatIsBroughtBack;

import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;

class DistributableSessionsTest {

	private static final String WILDFLY = "WildFly 39.0.1.Final (WildFly Core 31.0.3.Final) - 2.3.23.Final";

	private static final String DISTRIBUTABLE = "<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee'><distributable/></web-app>";

	@Test
	void sessionsOfWildFlyThatNoSocketKeepsAliveAreWarnedOfAtTheStart() {
		assertThat(start(WILDFLY, DISTRIBUTABLE)).singleElement().asString().startsWith("WARN web.xml says");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "<web-app/>", "<web-app><!-- <distributable/> --></web-app>", "no XML",
			"<!DOCTYPE web-app [<!ENTITY e SYSTEM 'file:/etc/passwd'>]><web-app>&e;</web-app>" })
	void anApplicationThatIsNotDistributableIsNot(String webXml) {
		assertThat(start(WILDFLY, webXml)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Apache Tomcat/11.0.24", "jetty/12.1.12" })
	void whereItChangesNothingItIsNot(String server) {
		assertThat(start(server, DISTRIBUTABLE)).isEmpty();
	}

	private static List<String> start(String server, String webXml) {
		MockServletContext servletContext = new MockServletContext() {

			@Override
			public String getServerInfo() {
				return server;
			}

			@Override
			public InputStream getResourceAsStream(String path) {
				return (path.equals("/WEB-INF/web.xml") && !webXml.isEmpty())
						? new ByteArrayInputStream(webXml.getBytes(StandardCharsets.UTF_8)) : null;
			}

		};
		try (RecordedLog log = RecordedLog.of(DistributableSessions.class)) {
			new SessionLinks(new Links(new FakeClock(), LinkPolicy.DEFAULT), new StoreSettings(null, List.of()),
					servletContext);
			return log.lines();
		}
	}

	@Test
	void aSessionThatIsBroughtBackFromAnotherNodeIsNotUsedMeanwhile() {
		MockServletContext servletContext = new MockServletContext();
		Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);
		new SessionLinks(links, new StoreSettings(null, List.of()), servletContext);
		SessionKey key = new SessionKey("0123456789abcdef", Instant.EPOCH, 0);

		key.sessionDidActivate(new HttpSessionEvent(new SessionThatIsBroughtBack(servletContext)));

		assertThat(links.open()).isEmpty();
	}

}
