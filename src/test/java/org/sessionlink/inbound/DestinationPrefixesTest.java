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
			''          | ''              | /user/**=-, /**=-
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
			/app/       | /topic/ | /app/a       | true
			/app/       | /topic/ | /topic/a     | false
			''          | /topic  | /say         | true
			''          | /topic  | /topics      | false
			''          | /topic  | /user/b/a    | false
			''          | ''      | /say         | false
			/topic/     | /topic/ | /topic/a     | false
			/topic/app/ | /topic/ | /topic/app/a | true
			""")
	void theLongestPrefixDecidesWhoseADestinationIs(String application, String broker, String destination,
			boolean ofTheApplication) {
		DestinationPrefixes prefixes = prefixes(application, broker);
		DestinationRules rules = new DestinationRules(new DestinationSettings(List.of(), List.of(), false, false),
				() -> prefixes);

		assertThat(prefixes.areOfTheApplication(destination)).isEqualTo(ofTheApplication);
		assertThat(rules.maySend(Identity.ANONYMOUS, destination)).isEqualTo(ofTheApplication);
	}

	private static DestinationPrefixes prefixes(String application, String broker) {
		return new DestinationPrefixes(words(application), words(broker), "/user/");
	}

	private static List<String> words(String text) {
		return Arrays.stream(text.split(" ")).filter((word) -> !word.isEmpty()).toList();
	}

}
