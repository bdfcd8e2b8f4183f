package org.sessionlink.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;

/** What a server writes, read as RFC 6455, section 5 says, and STOMP 1.2. */
public final class WholeFrames {

	private static final int TEXT = 1;

	private static final int BINARY = 2;

	private static final int CLOSE = 8;

	private final DataInputStream in;

	private final ByteArrayOutputStream message = new ByteArrayOutputStream();

	private boolean inMessage;

	/** Reads what comes here. */
	public WholeFrames(DataInputStream in) {
		this.in = in;
	}

	/**
	 * Reads to the close frame, or until the connection ends.
	 * @return status and reason, or {@code cut off} where there is no close frame
	 */
	public String readToEnd() throws IOException {
		try {
			String end = null;
			while (end == null) {
				end = readFrame();
			}
			return end;
		}
		catch (EOFException ex) {
			return "cut off";
		}
	}

	private String readFrame() throws IOException {
		int first = this.in.readUnsignedByte();
		int opcode = first & 0x0f;
		boolean last = first >= 0x80;
		assertThat(first & 0x70).as("reserved bits").isZero();
		byte[] payload = new byte[length()];
		this.in.readFully(payload);
		if (opcode >= CLOSE) {
			return control(opcode, last, payload);
		}
		assertThat(opcode).as("opcode").isIn(this.inMessage ? new Integer[] { 0 } : new Integer[] { TEXT, BINARY });
		this.message.writeBytes(payload);
		this.inMessage = !last;
		if (last) {
			checkMessage();
		}
		return null;
	}

	private int length() throws IOException {
		int length = this.in.readUnsignedByte();
		assertThat(length).as("length, without a mask").isLessThan(128);
		if (length < 126) {
			return length;
		}
		long longer = (length == 126) ? this.in.readUnsignedShort() : this.in.readLong();
		assertThat(longer).as("length").isBetween((length == 126) ? 126L : 65536L, 1L << 20);
		return (int) longer;
	}

	private String control(int opcode, boolean last, byte[] payload) throws IOException {
		assertThat(last).as("a control frame is whole").isTrue();
		assertThat(opcode).as("opcode").isBetween(CLOSE, 10);
		assertThat(payload.length).as("length of a control frame").isLessThan(126);
		if (opcode != CLOSE) {
			return null;
		}
		ByteBuffer bytes = ByteBuffer.wrap(payload);
		return (bytes.remaining() < 2) ? "no status" : bytes.getShort() + " " + StandardCharsets.UTF_8.decode(bytes);
	}

	private void checkMessage() throws IOException {
		String text = StandardCharsets.UTF_8.newDecoder()
			.decode(ByteBuffer.wrap(this.message.toByteArray()))
			.toString();
		this.message.reset();
		assertThat(text).matches(
				(frames) -> frames.equals("\n")
						|| (frames.matches("(?s)(CONNECTED|MESSAGE|RECEIPT|ERROR)\n.*") && frames.endsWith("\0")),
				"a message of STOMP");
	}

}
