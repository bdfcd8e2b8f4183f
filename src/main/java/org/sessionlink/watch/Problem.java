package org.sessionlink.watch;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** What is wrong with a request: a code for programs and a sentence for people. */
record Problem(String error, String message) {

	static ResponseEntity<Problem> answer(HttpStatus status, String code, RuntimeException ex) {
		return answer(status, code, String.valueOf(ex.getMessage()));
	}

	static ResponseEntity<Problem> answer(HttpStatus status, String code, String sentence) {
		return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON).body(new Problem(code, sentence));
	}

}
