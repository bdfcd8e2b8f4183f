package org.sessionlink.link;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SocketLinkTest {

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final Map<String, Object> attributes = new HashMap<>();

	@Test
	void aSocketsAttributesHoldItsLinkAndTheIdOfItsSession() {
		Link link = this.links.open("key", "id", Home.GONE);

		new SocketLink(link).putInto(this.attributes);

		assertThat(SocketLink.live(this.attributes)).isSameAs(link);
		assertThat(this.attributes).containsEntry("sessionId", "id");
	}

	@Test
	void aLinkThatHasEndedIsNotAlive() {
		new SocketLink(this.links.open("key", "id", Home.GONE)).putInto(this.attributes);
		this.links.open("key", "id", Home.GONE).end(EndCause.ENDED);

		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> SocketLink.live(this.attributes))
			.withMessage("session-ended");
	}

	@Test
	void attributesWithoutALinkAreNotAlive() {
		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> SocketLink.live(this.attributes));
		assertThatExceptionOfType(NoLiveSessionException.class).isThrownBy(() -> SocketLink.live(null));
	}

}
