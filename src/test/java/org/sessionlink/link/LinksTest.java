package org.sessionlink.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Who finds what among the links of a server. */
class LinksTest {

	private static final Identity ADA = identity("ada");

	private static final Identity BOB = identity("bob");

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Link one = this.links.open("one", "1", Home.GONE);

	private final Link other = this.links.open("other", "2", Home.GONE);

	@Test
	void whatHasEndedJustNowIsStillKnownButNotOpen() {
		this.one.end(EndCause.ENDED);

		assertThat(this.links.all()).containsExactlyInAnyOrder(this.one, this.other);
		assertThat(this.links.open()).containsExactly(this.other);
	}

	@Test
	void aKeyThatIsOpenedOnceMoreIsTheSameLink() {
		assertThat(this.links.open("one", "1", Home.GONE)).isSameAs(this.one);
	}

	@Test
	void aKeyThatAnotherThreadOpensFirstIsTheirLink() {
		AtomicReference<Links> between = new AtomicReference<>();
		AtomicReference<Link> theirs = new AtomicReference<>();
		between.set(new Links(this.clock, LinkPolicy.DEFAULT, (key) -> {
			// The link is being made, and not in yet.
			Links raced = between.getAndSet(null);
			if (raced != null) {
				theirs.set(raced.open("key", "id", Home.GONE));
			}
			return "fingerprint";
		}));

		Link opened = between.get().open("key", "id", Home.GONE);

		assertThat(opened).isSameAs(theirs.get());
	}

	@Test
	void aLinkIsFoundByItsFingerprintAsLongAsItIsOpen() {
		assertThat(this.links.withFingerprint(this.one.fingerprint())).containsExactly(this.one);
		assertThat(this.links.withFingerprint("0")).isEmpty();

		this.one.end(EndCause.ENDED);

		assertThat(this.links.withFingerprint(this.one.fingerprint())).isEmpty();
	}

	@Test
	void twoThatHaveOneFingerprintAreFoundBoth() {
		Links twins = new Links(this.clock, LinkPolicy.DEFAULT, (key) -> "same");
		Link first = twins.open("one", "1", Home.GONE);
		Link second = twins.open("two", "2", Home.GONE);

		assertThat(twins.withFingerprint("same")).containsExactlyInAnyOrder(first, second);
	}

	@Test
	void aSocketIsFoundByItsIdAsLongAsItsLinkIsOpen() {
		FakeSocket wanted = new FakeSocket("wanted", new SocketLink(this.one));
		this.other.add(new FakeSocket("else", new SocketLink(this.other)));
		this.one.add(wanted);

		assertThat(this.links.socket("wanted")).isSameAs(wanted);
		assertThat(this.links.socket("unknown")).isNull();
		this.one.end(EndCause.ENDED);
		assertThat(this.links.socket("wanted")).isNull();
	}

	@Test
	void aUserIsFoundWhereTheyAreBehindTheSessionOrBehindASocketAlone() {
		SocketLink socket = new SocketLink(this.other, Identity.ANONYMOUS, "2", "192.0.2.1");
		socket.loggedIn(ADA);
		this.one.identify(ADA);
		this.other.identify(BOB);
		this.other.add(new FakeSocket("socket", socket));

		assertThat(this.links.ofUser("ada")).containsExactlyInAnyOrder(this.one, this.other);
		assertThat(this.links.ofUser("bob")).containsExactly(this.other);
		assertThat(this.other.identities()).containsExactly(BOB, ADA);
		assertThat(this.other.remoteAddress()).isEqualTo("192.0.2.1");
	}

	@Test
	void aListenerThatIsTakenAwayLeavesNothingBehindAndTheOthersStay() {
		List<Crew> handedOver = new ArrayList<>();
		Links listening = new Links(new FakeClock() {

			@Override
			public void execute(Crew crew, Runnable task) {
				handedOver.add(crew);
			}

		}, LinkPolicy.DEFAULT);
		LinkListener going = new LinkListener() {
		};
		listening.addListener(going);
		listening.addListener(new LinkListener() {
		});

		listening.removeListener(going);
		listening.tell((listener) -> {
		});

		assertThat(handedOver).containsExactly(Crew.TELLING);
	}

	private static Identity identity(String name) {
		return new Identity(() -> name, Set.of());
	}

}
