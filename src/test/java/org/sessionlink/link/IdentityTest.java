package org.sessionlink.link;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IdentityTest {

	private static final Identity ADA = identity("ada", "STAFF");

	private static final Identity GUEST = new Identity(null, Set.of("STAFF"));

	@Test
	void theSameNameWithTheSameRolesIsTheSamePerson() {
		assertThat(ADA.sameAs(identity("ada", "STAFF"))).isTrue();
		assertThat(GUEST.sameAs(new Identity(null, Set.of("STAFF")))).isTrue();
	}

	@Test
	void anotherNameOrOtherRolesAreSomebodyElseAndSoIsNobody() {
		assertThat(ADA.sameAs(identity("bob", "STAFF"))).isFalse();
		assertThat(ADA.sameAs(identity("ada"))).isFalse();
		assertThat(ADA.sameAs(GUEST)).isFalse();
		assertThat(GUEST.sameAs(ADA)).isFalse();
		assertThat(ADA.sameAs(null)).isFalse();
	}

	private static Identity identity(String name, String... roles) {
		return new Identity(() -> name, Set.of(roles));
	}

}
