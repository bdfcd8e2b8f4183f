package org.sessionlink.inbound;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.link.Identity;

import static org.assertj.core.api.Assertions.assertThat;

class DestinationPrefixesTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/app/       | /topic/ /queue/ | /app/**
			/pub/ /act/ | /sub/           | /pub/**, /act/**
			''          | /topic/         | /topic/**=-, /user/**=-, /**
			/           | /topic          | /topic*/**=-, /user/**=-, /**
			/app/       | ''              | /app/**
			''          | ''              | /user/**=-, /say, /room/{id}, /app/hello, /**=-
			/app/       | /app/           | /app/hello, /app/**=-
			/topic/     | /topic/         | /topic/**=-
			/topic/app/ | /topic/         | /topic/app/**
			""")
	void clientsSendToWhatTheApplicationAloneHandles(String application, String broker, String rules) {
		DestinationPrefixes prefixes = prefixes(application, broker);

		assertThat(prefixes.send()).extracting(DestinationRule::toString).containsExactlyInAnyOrder(rules.split(", "));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/app/ | /topic/ /queue/ | /topic/**, /queue/**, /app/**, /user/topic/**, /user/queue/**
			''    | /topic          | /topic*/**, /**, /user/topic*/**
			/app/ | ''              | /**, /app/**, /user/**
			/app/ | /sub/           | /sub/**, /app/**, /user/sub/**, /user/queue/session, /user/queue/errors
			""")
	void clientsSubscribeToWhatBrokerAndMethodsHandle(String application, String broker, String rules) {
		DestinationPrefixes prefixes = prefixes(application, broker);

		assertThat(prefixes.subscribe()).extracting(DestinationRule::toString).containsExactly(rules.split(", "));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/app/       | /topic/ | /app/a       | true  | false | true
			/app/       | /topic/ | /topic/a     | false | true  | false
			/app/       | ''      | /app/a       | true  | true  | true
			''          | /topic  | /say         | true  | false | true
			''          | /topic  | /topics      | true  | true  | false
			''          | /topic  | /user/b/a    | true  | true  | false
			''          | ''      | /say         | true  | true  | true
			''          | ''      | /room/7      | true  | true  | true
			''          | ''      | /news        | true  | true  | false
			/topic/     | /topic/ | /topic/a     | true  | true  | false
			/topic/app/ | /topic/ | /topic/app/a | true  | true  | true
			""")
	void theLongestPrefixDecidesWhoseADestinationIs(String application, String broker, String destination,
			boolean ofMethods, boolean ofOthers, boolean open) {
		DestinationPrefixes prefixes = prefixes(application, broker);
		DestinationRules rules = new DestinationRules(new DestinationSettings(List.of(), List.of(), false, false),
				() -> prefixes);

		assertThat(prefixes.areOfMethods(destination)).isEqualTo(ofMethods);
		assertThat(prefixes.areOfOthers(destination)).isEqualTo(ofOthers);
		assertThat(rules.maySend(Identity.ANONYMOUS, destination)).isEqualTo(open);
	}

	private static DestinationPrefixes prefixes(String application, String broker) {
		return new DestinationPrefixes(words(application), words(broker), "/user/",
				List.of("/say", "/room/{id}", "/**", "/{any}/a", "/app/hello"));
	}

	private static List<String> words(String text) {
		return Arrays.stream(text.split(" ")).filter((word) -> !word.isEmpty()).toList();
	}

}
