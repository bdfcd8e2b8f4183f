package org.sessionlink.journey;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * HAProxy before all nodes, without sticky sessions: each request goes to any node that
 * says it is ready, and a page can tell which one it came from.
 */
final class Balancer extends Engine {

	private static final String CONFIGURATION = """
			defaults
			    mode http
			    timeout connect 2s
			    timeout client 60s
			    timeout server 60s
			    timeout tunnel 60s
			    timeout check 5s
			    option http-server-close
			    option redispatch
			    retries 3
			    retry-on conn-failure empty-response
			frontend everybody
			    bind 127.0.0.1:%d
			    http-response set-header Server-Timing %%s
			    default_backend nodes
			backend nodes
			    balance random(1)
			    option httpchk GET /%s/health/ready
			    default-server check inter 250ms fall 1 rise 1
			%s
			""";

	private final Nodes nodes;

	private final String application;

	private Balancer(Nodes nodes, String application) {
		super("haproxy");
		this.nodes = nodes;
		this.application = application;
	}

	/** Starts one before these nodes; close it. */
	static Balancer before(Nodes nodes) {
		return before(nodes, Nodes.PEOPLE);
	}

	/** Starts one before these nodes, as far as this application is ready; close it. */
	static Balancer before(Nodes nodes, String application) {
		Needed.command("HAProxy", "haproxy", "-v");
		Balancer balancer = new Balancer(nodes, application);
		balancer.start();
		return balancer;
	}

	@Override
	List<String> command() throws IOException {
		String servers = IntStream.range(0, this.nodes.size())
			.mapToObj((node) -> "    server node" + node + " 127.0.0.1:" + this.nodes.container(node).port())
			.collect(Collectors.joining("\n"));
		Files.writeString(folder().resolve("haproxy.cfg"), CONFIGURATION.formatted(port(), this.application, servers));
		return List.of("haproxy", "-db", "-f", folder().resolve("haproxy.cfg").toString());
	}

	@Override
	boolean answers() throws IOException {
		HttpURLConnection connection = (HttpURLConnection) url(this.application, "/").toURL().openConnection();
		return connection.getResponseCode() == 200;
	}

	/** Returns the URL of a path of an application. */
	URI url(String application, String path) {
		return URI.create("http://127.0.0.1:" + port() + "/" + application + path);
	}

	/** Returns a browser of one person who comes through it. */
	Visitor visitor(String application) {
		return new Visitor((path) -> url(application, path), HttpClient.newBuilder());
	}

}
