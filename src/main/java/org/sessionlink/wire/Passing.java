package org.sessionlink.wire;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketMessage;

/**
 * Those of some messages that may still go out when their turn comes: an end in the
 * middle stops the rest (B5). They are counted as they do (B23).
 */
record Passing(List<Outgoing> messages, Predicate<Outgoing> gate, Sent sent) implements Iterable<WebSocketMessage<?>> {

	@Override
	public Iterator<WebSocketMessage<?>> iterator() {
		return new Iterator<>() {

			private int index;

			private @Nullable WebSocketMessage<?> next;

			@Override
			public boolean hasNext() {
				while (this.next == null && this.index < Passing.this.messages.size()) {
					Outgoing message = Passing.this.messages.get(this.index++);
					if (Passing.this.gate.test(message)) {
						this.next = message.payload().message();
						Passing.this.sent.add(this.next, message.bytes());
					}
				}
				return this.next != null;
			}

			@Override
			public WebSocketMessage<?> next() {
				WebSocketMessage<?> message = hasNext() ? this.next : null;
				this.next = null;
				if (message == null) {
					throw new NoSuchElementException();
				}
				return message;
			}

		};
	}

}
