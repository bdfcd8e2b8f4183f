package org.sessionlink.journey;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis that writes each change to its file. Nodes come with a login of their own,
 * which may not change its configuration, as with one that is hosted.
 */
final class Redis extends Engine {

	private static final String USER = "nodes";

	private static final String PASSWORD = "hunter2";

	private final String program;

	private Redis(String program) {
		super("redis");
		this.program = program;
	}

	/** Starts the one that comes with the tests; close it. */
	static Redis bundled() {
		try {
			File program = ExecutableProvider.newJarResourceProvider().get();
			return started(new Redis(program.getAbsolutePath()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Starts the one that is on this machine; close it. */
	static Redis installed() {
		Needed.command("Redis", "redis-server", "--version");
		return started(new Redis("redis-server"));
	}

	private static Redis started(Redis redis) {
		redis.start();
		return redis;
	}

	/** Returns the setting for a node that finds it at this port. */
	static String url(int port) {
		return "redis://" + USER + ":" + PASSWORD + "@127.0.0.1:" + port;
	}

	/** Returns what no log of a node may have in it. */
	static String password() {
		return PASSWORD;
	}

	@Override
	List<String> command() {
		List<String> command = new ArrayList<>(List.of(this.program, "--port", Integer.toString(port()), "--bind",
				"127.0.0.1", "--save", "", "--appendonly", "yes"));
		command.addAll(List.of("--user", USER, "on", ">" + PASSWORD, "~*", "&*", "+@all", "-config", "-keys",
				"-flushall", "-flushdb", "-debug", "-monitor", "-shutdown"));
		return command;
	}

	@Override
	boolean answers() throws IOException {
		return command("PING").startsWith("+PONG");
	}

	/** Has it do a command, and returns the answer as it is said. */
	String command(String... words) throws IOException {
		StringBuilder said = new StringBuilder("*" + words.length + "\r\n");
		for (String word : words) {
			said.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
		}
		try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port())) {
			socket.getOutputStream().write(said.toString().getBytes(StandardCharsets.ISO_8859_1));
			return new String(new Resp(socket.getInputStream()).next(), StandardCharsets.ISO_8859_1);
		}
	}

	/** Returns the names of all that it keeps, as they are said. */
	List<String> keys(String pattern) {
		try {
			return command("KEYS", pattern).lines().filter((line) -> !line.matches("[*$]-?\\d+")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
