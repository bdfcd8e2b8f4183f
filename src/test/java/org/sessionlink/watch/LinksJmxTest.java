package org.sessionlink.watch;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import javax.management.JMException;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.TabularData;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Refused;

import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LinksJmxTest {

	private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

	private final Town town = new Town();

	private final LinksJmx shop = jmx("/shop");

	private final LinksJmx root = jmx("");

	@AfterEach
	void stop() {
		this.shop.destroy();
		this.root.destroy();
	}

	@Test
	void twoApplicationsAreFoundByOneQueryAndVanishWithThem() throws Exception {
		this.shop.afterPropertiesSet();
		this.root.afterPropertiesSet();
		assertThat(found()).containsExactlyInAnyOrder(name("/shop"), name("/"));

		this.shop.destroy();

		assertThat(found()).containsExactly(name("/"));
	}

	@Test
	void theNumbersAreThere() throws Exception {
		this.town.socket("desk-3", this.town.desk, "192.0.2.1");
		this.town.links.refused(Refused.ORIGIN);
		this.shop.afterPropertiesSet();

		assertThat(this.server.getAttribute(name("/shop"), "Links")).isEqualTo(4);
		assertThat(this.server.getAttribute(name("/shop"), "Sockets")).isEqualTo(5);
		assertThat(this.server.getAttribute(name("/shop"), "Addresses")).isEqualTo(1);
		TabularData refusals = (TabularData) this.server.getAttribute(name("/shop"), "Refusals");
		assertThat(refusals.size()).isEqualTo(Refused.values().length);
		assertThat(refusals.get(new Object[] { "origin-not-allowed" }).get("value")).isEqualTo(1L);
		assertThat(refusals.get(new Object[] { "login-refused" }).get("value")).isEqualTo(0L);
	}

	@Test
	void whatIsEndedOverItIsAuditedAsSuch() throws Exception {
		this.town.bobOne.socketLink().subscriptions().add("1", "/topic/news", 0);
		this.shop.afterPropertiesSet();

		assertThat(call("revoke", "bob-1", "1", "why")).isEqualTo("/topic/news");
		assertThat(call("endSocket", "bob-1", "why")).isEqualTo("bob-1");
		assertThat((String[]) call("endLink", this.town.bob.fingerprint(), "why")).containsExactly("bob-1");
		assertThat((String[]) call("endUser", "ada", "why")).hasSize(2);

		assertThat(this.town.bobOne.ends).contains(EndCause.KICKED);
		assertThat(this.town.desk.endCause()).isEqualTo(EndCause.KICKED);
		assertThat(this.town.audit.entries()).filteredOn((entry) -> "jmx".equals(entry.who()))
			.hasSize(4)
			.allSatisfy((entry) -> assertThat(entry.reason()).isEqualTo("why"));
	}

	@Test
	void allEndOverItAtOnceForAReason() throws Exception {
		this.shop.afterPropertiesSet();

		assertThatExceptionOfType(RuntimeMBeanException.class).isThrownBy(() -> call("endAll", ""))
			.havingCause()
			.withMessage("Say why all sessions are to end.");
		assertThat(call("endAll", "keys have leaked")).isEqualTo(4);

		assertThat(this.town.links.open()).isEmpty();
	}

	@Test
	void whatIsNotThereIsToldByAnExceptionThatEveryClientKnows() {
		this.shop.afterPropertiesSet();

		assertThatExceptionOfType(RuntimeMBeanException.class).isThrownBy(() -> call("endUser", "nobody", "why"))
			.havingCause()
			.isExactlyInstanceOf(IllegalArgumentException.class)
			.withMessage("No open link belongs to a user of this name.");
	}

	@Test
	void parametersHaveNames() throws Exception {
		this.shop.afterPropertiesSet();

		MBeanParameterInfo[] revoke = Arrays.stream(this.server.getMBeanInfo(name("/shop")).getOperations())
			.filter((operation) -> operation.getName().equals("revoke"))
			.findAny()
			.orElseThrow()
			.getSignature();

		assertThat(revoke).extracting(MBeanParameterInfo::getName).containsExactly("socket", "subscription", "reason");
	}

	@Test
	void theClientsOfTheServerAreLetGoAndTakenAgain() throws Exception {
		this.shop.afterPropertiesSet();
		assertThat(this.server.getAttribute(name("/shop"), "Draining")).isEqualTo(false);

		assertThat(call("drain", "new version")).isEqualTo(4);
		assertThat(this.server.getAttribute(name("/shop"), "Draining")).isEqualTo(true);
		assertThat(call("undrain", "")).isEqualTo(4);

		assertThat(this.server.getAttribute(name("/shop"), "Draining")).isEqualTo(false);
		assertThat(this.town.audit.entries()).extracting(AuditEntry::who, AuditEntry::action, AuditEntry::reason)
			.contains(tuple("jmx", AuditEntry.Action.DRAIN, "new version"),
					tuple("jmx", AuditEntry.Action.UNDRAIN, null));
	}

	@Test
	void whereJmxRefusesTheApplicationStartsAndSaysSoOnce() throws Exception {
		this.shop.afterPropertiesSet();
		LinksJmx second = jmx("/shop");

		List<String> lines;
		try (RecordedLog log = RecordedLog.of(LinksJmx.class)) {
			second.afterPropertiesSet();
			lines = log.lines();
		}
		second.destroy();

		assertThat(lines).singleElement().asString().startsWith("WARN The application at /shop is not in JMX");
		assertThat(found()).as("that of the first").containsExactly(name("/shop"));
	}

	private LinksJmx jmx(String contextPath) {
		MockServletContext servletContext = new MockServletContext();
		servletContext.setContextPath(contextPath);
		return new LinksJmx(this.town.links, this.town.operations, this.town.drainOperations, servletContext);
	}

	private Object call(String operation, String... arguments) throws JMException {
		String[] types = Arrays.stream(arguments).map((argument) -> String.class.getName()).toArray(String[]::new);
		return this.server.invoke(name("/shop"), operation, arguments, types);
	}

	private Set<ObjectName> found() throws JMException {
		return this.server.queryNames(new ObjectName("org.sessionlink:type=Links,*"), null);
	}

	private static ObjectName name(String contextPath) throws JMException {
		return new ObjectName("org.sessionlink:type=Links,context=\"" + contextPath + "\"");
	}

}
