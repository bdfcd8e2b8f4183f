package org.sessionlink.journey;

import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/** The process of an {@link Artemis}: its port, and its folder. */
final class ArtemisProcess {

	private ArtemisProcess() {
	}

	public static void main(String[] arguments) throws Exception {
		Configuration configuration = new ConfigurationImpl().setPersistenceEnabled(false)
			.setSecurityEnabled(false)
			.setJournalDirectory(arguments[1])
			.addAcceptorConfiguration("stomp", "tcp://127.0.0.1:" + arguments[0] + "?protocols=STOMP");
		new EmbeddedActiveMQ().setConfiguration(configuration).start();
	}

}
