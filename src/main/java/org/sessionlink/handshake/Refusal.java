package org.sessionlink.handshake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;

/**
 * The answer to a handshake that is refused: a status, and a sentence that says what to
 * do.
 */
record Refusal(HttpStatus status, String sentence) {

	void writeTo(ServerHttpResponse response) throws IOException {
		response.setStatusCode(this.status);
		response.getHeaders().setContentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8));
		response.getBody().write(this.sentence.getBytes(StandardCharsets.UTF_8));
	}

}
