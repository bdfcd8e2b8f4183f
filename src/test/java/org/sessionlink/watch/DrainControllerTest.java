package org.sessionlink.watch;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.watch.AuditEntry.Action;

import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** B54: how operators let the clients of a server go. */
class DrainControllerTest {

	private final Town town = new Town();

	private final DrainCheck check = new DrainCheck(this.town.links);

	private final MockMvcTester http = MockMvcTester
		.create(MockMvcBuilders.standaloneSetup(new DrainController(this.town.operators, this.town.drainOperations))
			.build());

	@ParameterizedTest
	@CsvSource({ "GET", "POST", "DELETE" })
	void whoIsNoOperatorIsRefused(String method) {
		MvcTestResult anonymous = this.http.method(HttpMethod.valueOf(method)).uri("/operator/drain").exchange();
		MvcTestResult customer = this.http.method(HttpMethod.valueOf(method))
			.uri("/operator/drain")
			.principal(() -> "ada")
			.exchange();

		assertThat(anonymous).hasStatus(403);
		assertThat(customer).hasStatus(403).bodyText().startsWith("{\"error\":\"operators-only\",\"message\":\"");
		assertThat(this.town.links.isLeaving()).isFalse();
	}

	@Test
	void anObserverSeesWhetherTheyGoAndHasNoneGo() {
		for (String method : List.of("POST", "DELETE")) {
			assertThat(observed(method)).hasStatus(403).bodyText().startsWith("{\"error\":\"operators-only\"");
		}

		assertThat(observed("GET")).hasStatusOk();
		assertThat(this.town.links.isLeaving()).isFalse();
	}

	private MvcTestResult observed(String method) {
		return this.http.method(HttpMethod.valueOf(method))
			.uri("/operator/drain")
			.principal(() -> "otto")
			.with((request) -> {
				request.addUserRole("OBSERVER");
				return request;
			})
			.exchange();
	}

	@Test
	void anOperatorLetsTheClientsGoAndTakesItBackAndBothAreWrittenDownOnce() {
		assertThat(ask("GET", "")).hasStatusOk().bodyText().isEqualTo("{\"draining\":false,\"sockets\":4}");
		assertThat(this.check.ready()).isTrue();
		assertThat(this.check.concern()).isNull();

		assertThat(ask("POST", "?reason=upgrade")).hasStatus(202)
			.bodyText()
			.isEqualTo("{\"draining\":true,\"sockets\":4}");
		assertThat(ask("POST", "")).hasStatus(202);
		assertThat(this.check.ready()).isFalse();
		assertThat(this.check.concern()).isEqualTo("draining");

		assertThat(ask("DELETE", "")).hasStatusOk().bodyText().isEqualTo("{\"draining\":false,\"sockets\":4}");
		assertThat(ask("DELETE", "")).hasStatusOk();
		assertThat(this.check.ready()).isTrue();
		assertThat(this.town.audit.entries()).filteredOn((entry) -> entry.who() != null)
			.extracting(AuditEntry::who, AuditEntry::action, AuditEntry::reason)
			.containsExactly(tuple("olga", Action.UNDRAIN, null), tuple("olga", Action.DRAIN, "upgrade"));
	}

	@Test
	void aReasonOfAnyLengthIsRefused() {
		assertThat(ask("POST", "?reason=" + "x".repeat(201))).hasStatus(400)
			.bodyText()
			.startsWith("{\"error\":\"invalid-reason\"");
		assertThat(this.town.links.isLeaving()).isFalse();
	}

	private MvcTestResult ask(String method, String query) {
		return this.http.method(HttpMethod.valueOf(method))
			.uri("/operator/drain" + query)
			.principal(() -> "olga")
			.with((request) -> {
				request.addUserRole("OPERATOR");
				return request;
			})
			.exchange();
	}

}
