package org.sessionlink.inbound;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.Identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DestinationRuleTest {

	private static final Identity ADA = new Identity(() -> "ada", Set.of());

	private static final Identity STAFF = new Identity(() -> "grace", Set.of("STAFF"));

	@ParameterizedTest
	@CsvSource({ "/topic/**, /topic/reply", "/topic/**, /topic/a/b", "/topic/*, /topic/reply", "/app/a, /app/a" })
	void aPatternFitsAsAntWouldSay(String rule, String destination) {
		assertThat(DestinationRule.of(rule).fits(destination)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "/topic/**, /queue/reply", "/topic/*, /topic/a/b", "/app/a, /app/A", "/app/**, /application" })
	void andNothingElse(String rule, String destination) {
		assertThat(DestinationRule.of(rule).fits(destination)).isFalse();
	}

	@Test
	void rolesStandBehindThePattern() {
		assertThat(DestinationRule.of("/topic/staff/** = STAFF|ADMIN").allows(STAFF)).isTrue();
		assertThat(DestinationRule.of("/topic/staff/**=STAFF|ADMIN").allows(ADA)).isFalse();
		assertThat(DestinationRule.of("/queue/orders=*").allows(ADA)).isTrue();
		assertThat(DestinationRule.of("/queue/orders=*").allows(Identity.ANONYMOUS)).isFalse();
		assertThat(DestinationRule.of("/topic/**").allows(Identity.ANONYMOUS)).isTrue();
		assertThat(DestinationRule.of("/topic/**=-").allows(new Identity(() -> "eve", Set.of("-")))).isFalse();
	}

	@Test
	void theFirstRuleThatFitsDecides() {
		DestinationRules rules = Frames.rules(Frames.destinations("/app/**", "/topic/staff/**=STAFF", "/topic/**"));

		assertThat(rules.maySubscribe(ADA, "/topic/reply")).isTrue();
		assertThat(rules.maySubscribe(ADA, "/topic/staff/plans")).isFalse();
		assertThat(rules.maySubscribe(STAFF, "/topic/staff/plans")).isTrue();
		assertThat(rules.maySubscribe(STAFF, "/queue/any")).as("no rule fits").isFalse();
		assertThat(rules.maySend(ADA, "/app/message")).isTrue();
		assertThat(rules.maySend(ADA, "/topic/reply")).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "/topic/a/*, true", "/topic/**, false", "/topic/*, false", "/topic/st*/x, false",
			"/topic/staff/*, false", "/**, false", "/once/*, true", "/once/**, false", "/prefix*/**, true",
			"/prefixes/**, true" })
	void aPatternPassesWhereEveryRuleThatItMayTouchLetsIt(String pattern, boolean passes) {
		DestinationRules rules = Frames
			.rules(Frames.destinations("/app/**", "/topic/staff/**=STAFF", "/topic/**", "/once/*", "/prefix*/**"));

		assertThat(rules.maySubscribe(ADA, pattern)).isEqualTo(passes);
	}

	@Test
	void andForWhoHasTheRolesItPasses() {
		DestinationRules rules = Frames.rules(Frames.destinations("/app/**", "/topic/staff/**=STAFF", "/topic/**"));

		assertThat(rules.maySubscribe(STAFF, "/topic/**")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "topic/**", "topic", ".", "topic/a.b", "/topic/**=", "/topic/**=A||B", "" })
	void whatIsNoRuleIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> DestinationRule.of(text))
			.withMessageContaining("use Ant patterns that start with /");
	}

}
