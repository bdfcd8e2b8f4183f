package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.sessionlink.inbound.HeldMessages.Place;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class HeldMessagesTest {

	private static final TextMessage MESSAGE = new TextMessage("message");

	private final HeldMessages messages = new HeldMessages(1_000);

	private volatile Thread reader;

	@Test
	void whatDoesNotBlockWaitsOnlyBehindWhatDoes() throws Exception {
		assertThat(this.messages.add(MESSAGE, false)).isEqualTo(Place.NONE);
		assertThat(this.messages.add(new TextMessage("slow"), true)).isEqualTo(Place.FIRST);
		assertThat(this.messages.add(new TextMessage("quick"), false)).isEqualTo(Place.BEHIND);
		assertThat(this.messages.add(new TextMessage("slow too"), true)).isEqualTo(Place.BEHIND);

		assertThat(next()).isEqualTo("slow");
		assertThat(this.messages.isNextBlocking()).isFalse();
		assertThat(next()).isEqualTo("quick");
		assertThat(this.messages.isNextBlocking()).isTrue();
		assertThat(next()).isEqualTo("slow too");
		assertThat(this.messages.isTaken()).isTrue();
		assertThat(next()).isNull();
		assertThat(this.messages.isTaken()).isFalse();
		assertThat(this.messages.add(MESSAGE, false)).isEqualTo(Place.NONE);
	}

	@Test
	void whoReadsMoreThanMayWaitWaitsForRoom() throws Exception {
		for (int i = 0; i < HeldMessages.MOST; i++) {
			this.messages.add(MESSAGE, true);
		}

		CompletableFuture<Place> onceMore = addOnAThreadThatWaits(MESSAGE);
		this.messages.next();

		assertThat(onceMore.get(10, TimeUnit.SECONDS)).isEqualTo(Place.BEHIND);
	}

	@Test
	void whoReadsMoreBytesThanMayWaitWaitsForRoom() throws Exception {
		this.messages.add(new BinaryMessage(ByteBuffer.wrap(new byte[600])), true);

		CompletableFuture<Place> onceMore = addOnAThreadThatWaits(new TextMessage("x".repeat(401)));
		this.messages.next();

		assertThat(onceMore.get(10, TimeUnit.SECONDS)).isEqualTo(Place.BEHIND);
	}

	@Test
	void aMessageThatIsLargerThanAllWaitsAlone() throws Exception {
		assertThat(this.messages.add(new TextMessage("x".repeat(1_001)), true)).isEqualTo(Place.FIRST);
	}

	@Test
	void whoHasWaitedForRoomUntilNothingWasLeftGoesOnItself() throws Exception {
		for (int i = 0; i < HeldMessages.MOST; i++) {
			this.messages.add(MESSAGE, true);
		}
		CompletableFuture<Place> onceMore = addOnAThreadThatWaits(MESSAGE, false);

		this.messages.takeBack();
		this.messages.next();

		assertThat(onceMore.get(10, TimeUnit.SECONDS)).isEqualTo(Place.NONE);
	}

	@Test
	void aCloseDropsWhatWaitsAndWakesWhoReads() throws Exception {
		for (int i = 0; i < HeldMessages.MOST; i++) {
			this.messages.add(MESSAGE, true);
		}
		CompletableFuture<Place> onceMore = addOnAThreadThatWaits(MESSAGE);

		this.messages.close();

		assertThat(onceMore.get(10, TimeUnit.SECONDS)).isEqualTo(Place.BEHIND);
		assertThat(next()).isNull();
		assertThat(this.messages.add(MESSAGE, true)).isEqualTo(Place.BEHIND);
		assertThat(next()).isNull();
	}

	@Test
	void aMessageThatNoThreadComesForIsTakenBack() throws Exception {
		this.messages.add(MESSAGE, true);

		this.messages.takeBack();

		assertThat(this.messages.isTaken()).isFalse();
		assertThat(next()).isNull();
	}

	private CompletableFuture<Place> addOnAThreadThatWaits(WebSocketMessage<?> message) {
		return addOnAThreadThatWaits(message, true);
	}

	private CompletableFuture<Place> addOnAThreadThatWaits(WebSocketMessage<?> message, boolean blocks) {
		CompletableFuture<Place> added = CompletableFuture.supplyAsync(() -> {
			this.reader = Thread.currentThread();
			try {
				return this.messages.add(message, blocks);
			}
			catch (InterruptedException ex) {
				throw new CompletionException(ex);
			}
		});
		await().until(() -> this.reader != null && this.reader.getState() == Thread.State.WAITING);
		assertThat(added).isNotDone();
		return added;
	}

	private String next() {
		WebSocketMessage<?> next = this.messages.next();
		return (next != null) ? (String) next.getPayload() : null;
	}

}
