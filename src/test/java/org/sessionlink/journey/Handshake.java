package org.sessionlink.journey;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.sessionlink.Deadlines;

/** The answer to a WebSocket handshake, as it comes over the wire. */
record Handshake(int status, List<String> headers, String body) {

	/**
	 * Sends a handshake with these further header lines, and closes the connection after
	 * the answer.
	 */
	static Handshake at(URI url, String... headerLines) {
		try (java.net.Socket connection = new java.net.Socket(url.getHost(), url.getPort())) {
			connection.setSoTimeout((int) Deadlines.ANY.toMillis());
			List<String> lines = new ArrayList<>(List.of("GET " + url.getRawPath() + " HTTP/1.1",
					"Host: " + url.getAuthority(), "Connection: Upgrade", "Upgrade: websocket",
					"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
			lines.addAll(List.of(headerLines));
			String request = String.join("\r\n", lines) + "\r\n\r\n";
			connection.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			return read(new DataInputStream(connection.getInputStream()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the values of the headers with this name. */
	List<String> header(String name) {
		String prefix = name + ": ";
		return this.headers.stream()
			.filter((line) -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
			.map((line) -> line.substring(prefix.length()))
			.toList();
	}

	private static Handshake read(DataInputStream in) throws IOException {
		int status = Integer.parseInt(readLine(in).split(" ")[1]);
		List<String> headers = new ArrayList<>();
		for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
			headers.add(line);
		}
		Handshake head = new Handshake(status, headers, "");
		List<String> length = head.header("Content-Length");
		if (length.isEmpty()) {
			return head;
		}
		byte[] body = in.readNBytes(Integer.parseInt(length.get(0)));
		return new Handshake(status, headers, new String(body, StandardCharsets.UTF_8));
	}

	private static String readLine(DataInputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
			line.append((char) c);
		}
		return line.toString().stripTrailing();
	}

}
