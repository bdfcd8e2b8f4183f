package org.sessionlink.watch;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketLink;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.AuditEntry.Target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LinkOperationsTest {

	private final Town town = new Town();

	private final LinkOperations operations = this.town.operations;

	@Test
	void aSocketEndsAlone() {
		Ended ended = this.operations.endSocket("desk-1", "olga", "left open");

		assertThat(ended.sockets()).containsExactly("desk-1");
		assertThat(ended.links()).isEmpty();
		assertThat(this.town.deskOne.ends).containsExactly(EndCause.KICKED);
		assertThat(this.town.deskTwo.ends).isEmpty();
		assertThat(this.town.desk.endCause()).isNull();
		assertAudited(Action.END_SOCKET, new Target(this.town.desk.fingerprint(), "ada", "desk-1", null));
	}

	@Test
	void aLinkEndsWithAllItsSockets() {
		Ended ended = this.operations.endLink(this.town.desk.fingerprint(), "olga", "left open");

		assertThat(ended.sockets()).containsExactlyInAnyOrder("desk-1", "desk-2");
		assertThat(ended.links()).containsExactly(this.town.desk.fingerprint());
		assertThat(this.town.desk.endCause()).isEqualTo(EndCause.KICKED);
		assertThat(this.town.deskOne.ends).containsExactly(EndCause.KICKED);
		assertThat(this.town.deskTwo.ends).containsExactly(EndCause.KICKED);
		assertThat(this.town.phone.endCause()).isNull();
		assertAudited(Action.END_LINK, new Target(this.town.desk.fingerprint(), "ada", null, null));
	}

	@Test
	void allLinksOfAUserEndAndThoseOfOthersStay() {
		Ended ended = this.operations.endUser("ada", "olga", "left open");

		assertThat(ended.links()).containsExactlyInAnyOrder(this.town.desk.fingerprint(),
				this.town.phone.fingerprint());
		assertThat(ended.sockets()).containsExactlyInAnyOrder("desk-1", "desk-2", "phone-1");
		assertThat(this.town.bob.endCause()).isNull();
		assertThat(this.town.stranger.endCause()).isNull();
		assertAudited(Action.END_USER, new Target(null, "ada", null, null));
	}

	@Test
	void allLinksOfAUserEndButOne() {
		Ended ended = this.operations.endUserBut("ada", this.town.phone.fingerprint(), "ada", "left open");

		assertThat(ended.links()).containsExactly(this.town.desk.fingerprint());
		assertThat(this.town.phone.endCause()).isNull();
		assertThat(this.town.phoneOne.ends).isEmpty();
	}

	@Test
	void allLinksEndAtOnceWhoeverTheyBelongTo() {
		this.town.phone.end(EndCause.EXPIRED);

		int ended = this.operations.endAll("olga", "keys have leaked");

		assertThat(ended).isEqualTo(3);
		assertThat(this.town.links.open()).isEmpty();
		assertThat(this.town.stranger.endCause()).isEqualTo(EndCause.KICKED);
		assertThat(this.town.deskOne.ends).containsExactly(EndCause.KICKED);
		assertThat(this.town.audit.entries()).filteredOn((entry) -> "olga".equals(entry.who()))
			.singleElement()
			.satisfies((entry) -> {
				assertThat(entry.action()).isEqualTo(Action.END_ALL);
				assertThat(entry.ended()).isEqualTo(3);
				assertThat(entry.reason()).isEqualTo("keys have leaked");
			});
	}

	@Test
	void withoutAReasonNothingEndsAtOnce() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.operations.endAll("olga", " "))
			.withMessage("Say why all sessions are to end.");

		assertThat(this.town.links.open()).hasSize(4);
		assertThat(this.town.audit.entries()).noneMatch((entry) -> entry.action() == Action.END_ALL);
	}

	@Test
	void theOnlyLinkOfAUserIsKept() {
		Ended ended = this.operations.endUserBut("bob", this.town.bob.fingerprint(), "bob", "");

		assertThat(ended.links()).isEmpty();
		assertThat(this.town.bob.endCause()).isNull();
	}

	@Test
	void whoLoggedInOverASocketIsAUserOfItsLink() {
		SocketLink socketLink = new SocketLink(this.town.stranger);
		socketLink.loggedIn(Town.person("carol"));
		this.town.socket("stranger-1", socketLink);

		this.operations.endUser("carol", "olga", "");

		assertThat(this.town.stranger.endCause()).isEqualTo(EndCause.KICKED);
	}

	@Test
	void whoTheHandshakeCameFromIsAUserOfTheLink() {
		Link link = this.town.links.open("kiosk", "id", Home.GONE);
		this.town.socket("kiosk-1", new SocketLink(link, Town.person("dan")));

		this.operations.endUser("dan", "olga", "");

		assertThat(link.endCause()).isEqualTo(EndCause.KICKED);
	}

	@Test
	void aSubscriptionIsRevokedAndTheOthersStay() {
		this.town.deskOne.socketLink().subscriptions().add("1", "/topic/news", 0);
		this.town.deskOne.socketLink().subscriptions().add("2", "/topic/reply", 0);

		Revoked revoked = this.operations.revoke("desk-1", "1", "olga", "left open");

		assertThat(revoked).isEqualTo(new Revoked("desk-1", "1", "/topic/news"));
		assertThat(this.town.deskOne.revocations).containsExactly("1: left open");
		assertThat(this.town.deskOne.socketLink().subscriptions().all()).containsOnlyKeys("2");
		assertThat(this.town.deskOne.ends).isEmpty();
		assertAudited(Action.REVOKE, new Target(this.town.desk.fingerprint(), "ada", "desk-1", "1"));
	}

	@Test
	void aClientIsToldSomethingWhereNobodyGaveAReason() {
		this.town.deskOne.socketLink().subscriptions().add("1", "/topic/news", 0);

		this.operations.revoke("desk-1", "1", "olga", " ");

		assertThat(this.town.deskOne.revocations).containsExactly("1: The server has ended this subscription.");
	}

	@Test
	void whatIsNotThereIsToldAndNothingEnds() {
		String fingerprint = this.town.bob.fingerprint();

		assertRefused("unknown-socket", () -> this.operations.endSocket("desk-3", "olga", ""));
		assertRefused("unknown-link", () -> this.operations.endLink("00000000", "olga", ""));
		assertRefused("unknown-user", () -> this.operations.endUser("nobody", "olga", ""));
		assertRefused("unknown-keep", () -> this.operations.endUserBut("ada", fingerprint, "olga", ""));
		assertRefused("unknown-socket", () -> this.operations.revoke("desk-3", "1", "olga", ""));
		assertRefused("unknown-subscription", () -> this.operations.revoke("desk-1", "1", "olga", ""));

		assertThat(this.town.links.open()).hasSize(4);
		assertThat(this.town.audit.entries()).filteredOn((entry) -> entry.who() != null).isEmpty();
	}

	@Test
	void whoHasNothingElsewhereToEndLeavesNoEntry() {
		Ended ended = this.operations.endUserBut("bob", this.town.bob.fingerprint(), "bob", "");

		assertThat(ended).isEqualTo(new Ended(List.of(), List.of()));
		assertThat(this.town.audit.entries()).filteredOn((entry) -> entry.who() != null).isEmpty();
	}

	@Test
	void whatHasEndedIsNotThereAnyMore() {
		this.town.desk.end(EndCause.ENDED);

		assertRefused("unknown-link", () -> this.operations.endLink(this.town.desk.fingerprint(), "olga", ""));
		assertRefused("unknown-socket", () -> this.operations.endSocket("desk-1", "olga", ""));
		assertThat(this.operations.endUser("ada", "olga", "").links()).containsExactly(this.town.phone.fingerprint());
	}

	@Test
	void ofTwoLinksWithOneFingerprintNeitherEnds() {
		for (String key : Town.TWINS) {
			Link link = this.town.link(key, Town.person("twin"));
			assertThat(link.fingerprint()).isEqualTo(Town.SHARED);
		}

		assertRefused("ambiguous-link", () -> this.operations.endLink(Town.SHARED, "olga", ""));
		assertRefused("ambiguous-link", () -> this.operations.endUserBut("twin", Town.SHARED, "olga", ""));

		assertThat(this.town.links.withFingerprint(Town.SHARED)).hasSize(2);
	}

	@Test
	void anonymousVisitorsAreNoUser() {
		assertThat(this.town.stranger.belongsTo("")).isFalse();
		assertThat(this.town.stranger.identities()).containsExactly(Identity.ANONYMOUS);
	}

	private void assertAudited(Action action, Target target) {
		assertThat(this.town.audit.entries()).filteredOn((entry) -> "olga".equals(entry.who()))
			.singleElement()
			.satisfies((entry) -> {
				assertThat(entry.action()).isEqualTo(action);
				assertThat(entry.target()).isEqualTo(target);
				assertThat(entry.reason()).isEqualTo("left open");
			});
	}

	private static void assertRefused(String code, ThrowingCallable call) {
		assertThatExceptionOfType(TargetException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(code));
	}

}
