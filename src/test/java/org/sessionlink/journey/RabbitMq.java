package org.sessionlink.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The RabbitMQ that is on this machine, with its STOMP plugin, as a node of its own. */
final class RabbitMq extends Broker {

	private static final String CONFIGURATION = """
			listeners.tcp.1 = 127.0.0.1:%d
			stomp.listeners.tcp.1 = 127.0.0.1:%d
			loopback_users.guest = true
			""";

	private final int amqpPort = Container.freePort();

	private final int distributionPort = Container.freePort();

	private final int namesPort = Container.freePort();

	private RabbitMq() {
		super("rabbitmq");
	}

	/** Starts it; close it. */
	static RabbitMq installed() {
		Needed.command("RabbitMQ", "test", "-x", "/usr/lib/rabbitmq/bin/rabbitmq-server");
		RabbitMq broker = new RabbitMq();
		broker.start();
		return broker;
	}

	@Override
	List<String> command() throws IOException {
		Files.writeString(folder().resolve("rabbitmq.conf"), CONFIGURATION.formatted(this.amqpPort, port()));
		Files.writeString(folder().resolve("enabled_plugins"), "[rabbitmq_stomp].\n");
		// Not the one of sbin, which would become another user, of one installation.
		return List.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
	}

	@Override
	Map<String, String> environment() {
		// Its cookie is made in its home.
		return Map.ofEntries(Map.entry("HOME", folder().toString()),
				Map.entry("ERL_EPMD_PORT", Integer.toString(this.namesPort)),
				Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"), Map.entry("RABBITMQ_NODENAME", "n" + port() + "@localhost"),
				Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
				Map.entry("RABBITMQ_NODE_PORT", Integer.toString(this.amqpPort)),
				Map.entry("RABBITMQ_DIST_PORT", Integer.toString(this.distributionPort)),
				Map.entry("RABBITMQ_MNESIA_BASE", folder().resolve("mnesia").toString()),
				Map.entry("RABBITMQ_LOG_BASE", folder().resolve("log").toString()), Map.entry("RABBITMQ_LOGS", "-"),
				Map.entry("RABBITMQ_CONFIG_FILE", folder().resolve("rabbitmq.conf").toString()),
				Map.entry("RABBITMQ_CONF_ENV_FILE", folder().resolve("no-other-environment").toString()),
				Map.entry("RABBITMQ_PID_FILE", folder().resolve("pid").toString()),
				Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", folder().resolve("enabled_plugins").toString()));
	}

	@Override
	void kill() {
		super.kill();
		endNames();
	}

	// Erlang's list of names, which nobody else uses, outlives who has started it.
	private void endNames() {
		try {
			ProcessBuilder end = new ProcessBuilder("epmd", "-kill").redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD);
			end.environment().put("ERL_EPMD_PORT", Integer.toString(this.namesPort));
			end.start().waitFor(10, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			// There is no Erlang, and then no list.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
