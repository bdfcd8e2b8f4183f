package org.sessionlink;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/** Which package may use which of ours. */
@AnalyzeClasses(packages = "org.sessionlink", importOptions = DoNotIncludeTests.class)
class RoomsTest {

	private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("org.sessionlink..");

	@ArchTest
	static final ArchRule linkUsesNothingOfOurs = room("link");

	@ArchTest
	static final ArchRule linkIsPlainJava = noClasses().that()
		.resideInAPackage("org.sessionlink.link")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "jakarta..");

	@ArchTest
	static final ArchRule storeUsesLink = room("store", "link");

	@ArchTest
	static final ArchRule handshakeUsesLinkAndStore = room("handshake", "link", "store");

	@ArchTest
	static final ArchRule inboundUsesLink = room("inbound", "link");

	@ArchTest
	static final ArchRule handlingUsesLinkAndInbound = room("handling", "link", "inbound");

	@ArchTest
	static final ArchRule wireUsesLink = room("wire", "link");

	@ArchTest
	static final ArchRule wireKnowsNothingOfSpringsMessages = noClasses().that()
		.resideInAPackage("org.sessionlink.wire")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.messaging..");

	@ArchTest
	static final ArchRule outboundUsesLinkAndWire = room("outbound", "link", "wire");

	/** Knows neither sockets nor frames: the broker hands over what it keeps. */
	@ArchTest
	static final ArchRule historyUsesLink = room("history", "link");

	@ArchTest
	static final ArchRule brokerUsesHistoryLinkOutboundAndWire = room("broker", "history", "link", "outbound", "wire");

	@ArchTest
	static final ArchRule watchUsesLinkAndStore = room("watch", "link", "store");

	@ArchTest
	static final ArchRule watchAloneKnowsWhoCollectsMetrics = noClasses().that()
		.resideOutsideOfPackage("org.sessionlink.watch")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.micrometer..");

	// It answers what operators ask of other nodes, and keeps messages for all of them,
	// by
	// interfaces of theirs.
	@ArchTest
	static final ArchRule clusterUsesHistoryLinkStoreAndWatch = room("cluster", "history", "link", "store", "watch");

	@ArchTest
	static final ArchRule nobodyUsesTheApplication = noClasses().that()
		.resideOutsideOfPackage("org.sessionlink.app..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.sessionlink.app..");

	@ArchTest
	static final ArchRule roomsHaveNoCycles = slices().matching("org.sessionlink.(*)..").should().beFreeOfCycles();

	@ArchTest
	static void everyRoomIsNullMarked(JavaClasses classes) {
		assertThat(classes.stream().map(JavaClass::getPackage).distinct())
			.allSatisfy((room) -> assertThat(room.isAnnotatedWith(NullMarked.class)).as(room.getName()).isTrue());
	}

	private static ArchRule room(String name, String... others) {
		DescribedPredicate<JavaClass> allowed = resideInAPackage("org.sessionlink." + name);
		for (String other : others) {
			allowed = allowed.or(resideInAnyPackage("org.sessionlink." + other));
		}
		return classes().that()
			.resideInAPackage("org.sessionlink." + name)
			.should()
			.onlyDependOnClassesThat(DescribedPredicate.not(OURS).or(allowed))
			// A room of the table may not have been built yet.
			.allowEmptyShould(true);
	}

}
