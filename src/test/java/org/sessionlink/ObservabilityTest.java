package org.sessionlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B29: dashboard, alerts and chapter speak of metrics, labels and values that there are.
 */
class ObservabilityTest {

	private static final Path FOLDER = Path.of("src/main/observability");

	private static final Path CHAPTER = Path.of("src/site/markdown/metrics.md");

	private static final Pattern NAME = Pattern.compile("\\bsessionlink_\\w+");

	/** A name with what is asked of its labels. */
	private static final Pattern SELECTOR = Pattern.compile("\\b(sessionlink_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

	private static final Pattern BY = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");

	/** What Prometheus itself puts to each. */
	private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

	/** Of each name the values of each label. */
	private static final Map<String, Map<String, Set<String>>> scraped = new HashMap<>();

	@BeforeAll
	static void scrape() {
		try (InProcess server = InProcess.onSessionLink(Collected.class,
				Map.of("sessionlink.redis.url", "redis://127.0.0.1:1", "sessionlink.relay.hosts", "127.0.0.1:1"))) {
			String text = ((PrometheusMeterRegistry) server.bean(MeterRegistry.class)).scrape();
			text.lines().filter((line) -> !line.startsWith("#")).forEach(ObservabilityTest::take);
		}
	}

	private static void take(String line) {
		Matcher series = SELECTOR.matcher(line);
		assertThat(series.lookingAt()).as(line).isTrue();
		Map<String, Set<String>> labels = scraped.computeIfAbsent(series.group(1), (name) -> new HashMap<>());
		labels(series.group(2))
			.forEach((label) -> labels.computeIfAbsent(label.group(1), (name) -> new TreeSet<>()).add(label.group(3)));
	}

	@Test
	void theDashboardAsksForWhatIsThere() throws IOException {
		JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("dashboard.json")));

		List<String> asked = texts(dashboard, "expr");

		assertThat(asked).hasSizeGreaterThan(20).allSatisfy(ObservabilityTest::isThere);
		assertThat(matches(NAME, dashboard.toString()))
			.allSatisfy((name) -> assertThat(scraped).containsKey(name.group()));
	}

	@Test
	void theDashboardShowsAllThatIsCounted() throws IOException {
		String dashboard = Files.readString(FOLDER.resolve("dashboard.json"));

		assertThat(families()).allMatch((name) -> dashboard.contains(name), "are on the dashboard");
	}

	@Test
	void theRulesAskForWhatIsThereAndSayWhatToDo() throws IOException {
		Collection<Map<String, Object>> rules = rules();

		assertThat(rules).hasSize(5).allSatisfy((rule) -> {
			isThere((String) rule.get("expr"));
			Map<?, ?> annotations = (Map<?, ?>) rule.get("annotations");
			assertThat((String) annotations.get("summary")).contains("$labels.instance");
			assertThat((String) annotations.get("description")).isNotBlank();
			matches(NAME, rule.toString()).forEach((name) -> assertThat(scraped).containsKey(name.group()));
		});
	}

	@Test
	void theChapterHasEveryMetricAndEveryRuleAndNoOther() throws IOException {
		String chapter = Files.readString(CHAPTER);

		Set<String> told = new TreeSet<>();
		matches(NAME, chapter).forEach((name) -> told.add(name.group()));
		assertThat(scraped.keySet()).containsAll(told);
		assertThat(families()).allMatch(told::contains, "are in the chapter");
		assertThat(rules()).allMatch((rule) -> chapter.contains("`" + rule.get("alert") + "`"));
	}

	@Test
	void whatCollectsAsksForThePathThatThereIs() throws IOException {
		Map<String, Object> settings = new Yaml().load(Files.readString(FOLDER.resolve("prometheus.yaml")));

		assertThat(settings.toString()).contains("metrics_path=/metrics").contains("credentials_file");
		assertThat((List<?>) settings.get("rule_files"))
			.allSatisfy((file) -> assertThat(FOLDER.resolve((String) file)).exists());
	}

	@Test
	void whoIsToLookAtAnEngineIsCalledBeforeSocketsClose() throws IOException {
		Map<String, Map<String, String>> settings = new Yaml()
			.load(Files.readString(FOLDER.resolve("prometheus.yaml")));
		Map<String, Object> rule = rules().stream()
			.filter((one) -> one.get("alert").equals("SessionLinkEngineAway"))
			.findFirst()
			.orElseThrow();

		int latest = seconds(settings.get("global").get("scrape_interval"))
				+ seconds(settings.get("global").get("evaluation_interval")) + seconds((String) rule.get("for"));

		assertThat(latest).isLessThanOrEqualTo(60);
	}

	private static int seconds(String text) {
		return Integer.parseInt(text.replaceFirst("s$", ""));
	}

	private static List<String> texts(JsonNode node, String property) {
		return node.findValues(property).stream().map(JsonNode::asString).toList();
	}

	private static Collection<Map<String, Object>> rules() throws IOException {
		Map<String, List<Map<String, List<Map<String, Object>>>>> file = new Yaml()
			.load(Files.readString(FOLDER.resolve("alerts.yaml")));
		return file.get("groups").get(0).get("rules");
	}

	/** Returns one name of each metric: of those that are timed that of the count. */
	private static Set<String> families() {
		Set<String> families = new LinkedHashSet<>(scraped.keySet());
		families.removeIf((name) -> name.matches(".*_seconds_(bucket|sum|max)"));
		return families;
	}

	private static void isThere(String expression) {
		List<MatchResult> selectors = matches(SELECTOR, expression);
		assertThat(selectors).as(expression).isNotEmpty();
		Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
		for (MatchResult selector : selectors) {
			String name = selector.group(1);
			assertThat(scraped).as(expression).containsKey(name);
			labels(selector.group(2)).forEach((label) -> isThere(expression, name, label));
			labels.addAll(scraped.get(name).keySet());
		}
		for (MatchResult by : matches(BY, expression)) {
			assertThat(labels).as(expression).contains(by.group(1).split("\\s*,\\s*"));
		}
	}

	private static void isThere(String expression, String name, MatchResult label) {
		if (OF_PROMETHEUS.contains(label.group(1))) {
			return;
		}
		Set<String> values = scraped.get(name).get(label.group(1));
		assertThat(values).as(name + " with " + label.group(1) + " in " + expression)
			.isNotNull()
			.contains(label.group(3).split("\\|"));
	}

	private static List<MatchResult> labels(String text) {
		return (text != null) ? matches(LABEL, text) : new ArrayList<>();
	}

	private static List<MatchResult> matches(Pattern pattern, String text) {
		return pattern.matcher(text).results().toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	static class Collected extends OneEndpoint {

		@Bean
		static MeterRegistry registry() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

	}

}
