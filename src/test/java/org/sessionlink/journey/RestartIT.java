package org.sessionlink.journey;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A restart that keeps the sessions, as Tomcat can: they come back with their links, and
 * these with their users and their age, before anybody asks for them. Elsewhere, without
 * a store of their own, sessions end with the server.
 */
@OnEveryContainer
class RestartIT {

	static final String KEEPING = """
			<Context>
			  <Manager className="org.apache.catalina.session.StandardManager" pathname="SESSIONS.ser"/>
			</Context>
			""";

	private final Container container;

	RestartIT(Container container) {
		this.container = container;
	}

	@Test
	void aSessionThatOutlivesTheServerIsKnownToOperatorsBeforeItsNextRequest() throws IOException {
		War kept = War.withSettingsAndFile("sessionlink.operator.name=ada\nsessionlink.operator.password=correct horse",
				"META-INF/context.xml", KEEPING);
		try (Container own = Container.startLight(this.container.toString(), Map.of("kept", kept))) {
			Visitor operator = new Visitor(own, "kept");
			Visitor silent = new Visitor(own, "kept");
			operator.login("ada", "correct horse");
			silent.login("ada", "correct horse");
			String born = part("createdAt", operator);
			String link = part("link", silent);

			own.stop();
			own.start();

			boolean keeps = this.container.toString().equals("tomcat");
			assertThat(operator.get("/operator/links").statusCode()).isEqualTo(keeps ? 200 : 401);
			if (keeps) {
				assertThat(operator.get("/operator/links").body()).contains(link);
				assertThat(part("createdAt", operator)).isEqualTo(born);
				assertThat(part("link", silent)).isEqualTo(link);
			}
		}
	}

	private static String part(String name, Visitor visitor) {
		return visitor.get("/session").body().replaceAll(".*\"" + name + "\":\"([^\"]+)\".*", "$1");
	}

}
