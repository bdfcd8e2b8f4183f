package org.sessionlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.journey.Needed;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code src/main/deploy} has for several nodes: as far as it can be tried without
 * an engine that runs it.
 */
class DeployTest {

	private static final Path DEPLOY = Path.of("src/main/deploy");

	private static final Path KUBERNETES = DEPLOY.resolve("kubernetes");

	private static final Pattern ADDRESS = Pattern.compile("(?m)^\\s*server (?:[\\w-]+ )?([\\d.]+:\\d+)");

	private static final Pattern DRAIN = Pattern.compile("(\\d+)s");

	/**
	 * What a stop may take behind the sockets: what waits for them, and Tomcat itself.
	 */
	private static final int REST_OF_A_STOP = 10;

	@TempDir
	private Path folder;

	@Test
	void haproxyTakesItsConfiguration() throws Exception {
		Needed.command("HAProxy", "/usr/sbin/haproxy", "-v");

		assertThat(run("/usr/sbin/haproxy", "-c", "-f", DEPLOY.resolve("haproxy.cfg").toString())).isZero();
	}

	@Test
	void nginxTakesItsConfiguration() throws Exception {
		Needed.command("nginx", "/usr/sbin/nginx", "-v");

		assertThat(run("/usr/sbin/nginx", "-t", "-c", DEPLOY.resolve("nginx.conf").toAbsolutePath().toString(), "-g",
				"pid " + this.folder.resolve("pid") + "; error_log stderr;"))
			.isZero();
	}

	@Test
	void composeTakesItsFile() throws Exception {
		Needed.command("docker-compose", "docker-compose", "--version");

		assertThat(run("env", "REDIS_PASSWORD=r", "RABBITMQ_PASSWORD=q", "OPERATOR_PASSWORD=o", "docker-compose", "-f",
				DEPLOY.resolve("compose.yaml").toString(), "config"))
			.isZero();
		assertThat(run("env", "REDIS_PASSWORD=r", "RABBITMQ_PASSWORD=q", "docker-compose", "-f",
				DEPLOY.resolve("compose.yaml").toString(), "config"))
			.as("a secret that nobody has set")
			.isNotZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "haproxy.cfg", "nginx.conf" })
	void aProxyKnowsEveryNodeAndKeepsNobodyAtOne(String file) throws IOException {
		String text = Files.readString(DEPLOY.resolve(file));
		List<String> nodes = nodes().stream()
			.map((node) -> at(node, "networks", "inside", "ipv4_address") + ":8080")
			.toList();

		assertThat(ADDRESS.matcher(text).results().map((found) -> found.group(1))).containsExactlyElementsOf(nodes);
		assertThat(text.replaceAll("#.*", ""))
			.doesNotContainPattern("(?i)cookie |sticky |ip_hash|balance source|stick-table|stick on");
	}

	@Test
	void composeStartsThreeNodesWithOneSetOfSettingsBehindAProxyWhoseAddressTheyTrust() throws IOException {
		Map<?, ?> services = (Map<?, ?>) compose().get("services");

		assertThat(nodes()).hasSize(3)
			.allSatisfy((node) -> assertThat(at(node, "environment", "SESSIONLINK_TRUSTED_PROXIES"))
				.isEqualTo(at(services.get("proxy"), "networks", "inside", "ipv4_address")));
		assertThat(nodes().stream().map((node) -> ((Map<?, ?>) node).get("environment")).distinct()).hasSize(1);
		assertThat(services.values()).allSatisfy((service) -> {
			assertThat(strings(service)).isSubsetOf(Set.of("build", "image", "restart", "stop_grace_period",
					"environment", "healthcheck", "depends_on", "networks", "ports", "volumes", "command", "hostname",
					"ulimits", "read_only", "tmpfs", "cap_drop", "security_opt", "mem_limit", "user"));
			assertThat(strings(((Map<?, ?>) service).get("depends_on"))).isSubsetOf(withNames(services));
			assertThat(strings(((Map<?, ?>) service).get("volumes")).filter((volume) -> volume.startsWith("./"))
				.map((volume) -> DEPLOY.resolve(volume.substring(2, volume.indexOf(':'))))).allMatch(Files::exists);
		});
		assertThat(DEPLOY.resolve(String.valueOf(at(nodes().get(0), "build", "context")))
			.resolve(String.valueOf(at(nodes().get(0), "build", "dockerfile")))).exists();
	}

	@Test
	void everySettingThatANodeIsGivenIsOne() throws IOException {
		String chapter = Files.readString(Path.of("src/site/markdown/settings.md"));
		Set<String> settings = Pattern.compile("(?m)^\\| `(sessionlink\\.[^`]+)`")
			.matcher(chapter)
			.results()
			.map((MatchResult found) -> found.group(1).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
			.collect(Collectors.toSet());

		Set<String> given = new TreeSet<>();
		((Map<?, ?>) ((Map<?, ?>) nodes().get(0)).get("environment")).keySet()
			.forEach((name) -> given.add(name.toString()));
		environment().forEach((entry) -> given.add(entry.get("name").toString()));

		assertThat(given).filteredOn((name) -> name.startsWith("SESSIONLINK_")).isNotEmpty().isSubsetOf(settings);
	}

	@Test
	void noFileHasASecret() throws IOException {
		try (Stream<Path> files = Files.walk(DEPLOY)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				assertThat(Files.readString(file)).as(file.toString()).doesNotContain("kind: Secret");
			}
		}
		assertThat(((Map<?, ?>) compose().get("services")).values()).allSatisfy((service) -> {
			Object environment = ((Map<?, ?>) service).get("environment");
			if (environment != null) {
				((Map<?, ?>) environment).forEach((name, value) -> {
					if (isSecret(name.toString())) {
						assertThat(value.toString()).as(name.toString()).matches(".*\\$\\{\\w+:\\?[^}]+}.*");
					}
				});
			}
		});
		assertThat(environment()).filteredOn((entry) -> isSecret(entry.get("name").toString()))
			.isNotEmpty()
			.allSatisfy((entry) -> assertThat(at(entry, "valueFrom", "secretKeyRef", "name")).isEqualTo("sessionlink"));
	}

	private static boolean isSecret(String name) {
		return name.matches(".*(PASS|PASSWORD|PASSCODE|REDIS_URL)$");
	}

	@Test
	void aStopIsGivenTheTimeThatItTakes() throws IOException {
		int drainOfCompose = seconds(at(nodes().get(0), "environment", "SESSIONLINK_DRAIN"));
		Map<?, ?> pod = (Map<?, ?>) at(deployment(), "spec", "template", "spec");
		int drain = environment().stream()
			.filter((entry) -> entry.get("name").equals("SESSIONLINK_DRAIN"))
			.mapToInt((entry) -> seconds(entry.get("value")))
			.sum();
		List<?> beforeStop = (List<?>) at(container(), "lifecycle", "preStop", "exec", "command");

		assertThat(seconds(at(nodes().get(0), "stop_grace_period")))
			.isGreaterThanOrEqualTo(drainOfCompose + REST_OF_A_STOP);
		assertThat((Integer) pod.get("terminationGracePeriodSeconds"))
			.isGreaterThanOrEqualTo(Integer.parseInt(beforeStop.get(1).toString()) + drain + REST_OF_A_STOP);
	}

	/** With a quarter of its memory, as the JVM has it, a node of 1 GB had 256 MB. */
	@Test
	void aNodeHasAnEndToItsMemoryAndHalfOfThatIsHeap() throws IOException {
		assertThat(Files.readString(DEPLOY.resolve("Containerfile"))).contains("-XX:MaxRAMPercentage=50");
		assertThat(nodes()).extracting((node) -> at(node, "mem_limit")).containsOnly("1g");
		assertThat(at(container(), "resources", "limits", "memory")).isEqualTo("1Gi");
	}

	/** Whoever has none is the first to be ended where a machine has no memory left. */
	@Test
	void everyContainerIsGivenTheMemoryThatItMayUse() throws IOException {
		assertThat(containers()).hasSize(3)
			.allSatisfy((container) -> assertThat(at(container, "resources", "requests", "memory")).isNotNull()
				.isEqualTo(at(container, "resources", "limits", "memory")));
	}

	@Test
	void aNodeIsNobodyInParticularAndWritesToThreeFoldersAlone() throws IOException {
		Map<?, ?> pod = (Map<?, ?>) at(deployment(), "spec", "template", "spec");
		List<?> mounts = (List<?>) container().get("volumeMounts");
		List<String> written = List.of("/usr/local/tomcat/logs", "/usr/local/tomcat/temp", "/usr/local/tomcat/work");

		assertThat(Files.readString(DEPLOY.resolve("Containerfile"))).containsPattern("(?m)^USER 65534:65534$");
		assertThat(at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
		assertThat(at(pod, "automountServiceAccountToken")).isEqualTo(false);
		assertThat(at(container(), "securityContext", "readOnlyRootFilesystem")).isEqualTo(true);
		assertThat(at(container(), "securityContext", "allowPrivilegeEscalation")).isEqualTo(false);
		assertThat(mounts).extracting((mount) -> at(mount, "mountPath").toString()).hasSameElementsAs(written);
		assertThat(nodes()).allSatisfy((node) -> {
			assertThat(at(node, "read_only")).isEqualTo(true);
			assertThat(strings(at(node, "tmpfs")).map((folder) -> folder.replaceAll(":.*", "")))
				.containsExactlyElementsOf(written);
		});
	}

	/**
	 * With no end to its memory nothing was ever refused, and Redis was ended in its
	 * place.
	 */
	@Test
	void aStoreThatIsFullRefusesAndKeepsWhatItHas() throws IOException {
		String ofCompose = at(compose(), "services", "redis", "command").toString();
		String ofKubernetes = containers().stream()
			.filter((container) -> container.get("name").equals("redis"))
			.map((container) -> container.get("command").toString())
			.collect(Collectors.joining());

		assertThat(List.of(ofCompose, ofKubernetes)).allSatisfy((command) -> assertThat(command)
			.contains("--appendonly yes", "--maxmemory 512mb", "--maxmemory-policy noeviction"));
	}

	@Test
	void probesAskWhatThereIsToAskAndNeverRestartANodeWhoseStoreIsAway() throws IOException {
		assertThat(at(container(), "livenessProbe", "httpGet", "path")).isEqualTo("/health/live");
		assertThat(at(container(), "startupProbe", "httpGet", "path")).isEqualTo("/health/live");
		assertThat(at(container(), "readinessProbe", "httpGet", "path")).isEqualTo("/health/ready");
		assertThat(strings(at(nodes().get(0), "healthcheck", "test"))).last().asString().endsWith("/health/live");
		assertThat(Files.readString(DEPLOY.resolve("haproxy.cfg"))).contains("uri /health/ready");
	}

	/** Names that have to fit are the structure that no schema knows. */
	@Test
	void whatTheManifestsSpeakOfIsThere() throws IOException {
		List<Map<?, ?>> all = manifests();

		assertThat(all).allSatisfy((manifest) -> {
			assertThat(strings(manifest)).isSubsetOf(Set.of("apiVersion", "kind", "metadata", "spec", "data"));
			assertThat(at(manifest, "metadata", "name")).isNotNull();
		});
		List<Object> pods = all.stream()
			.filter((manifest) -> Set.of("Deployment", "StatefulSet").contains(manifest.get("kind").toString()))
			.map((manifest) -> at(manifest, "spec", "template", "metadata", "labels"))
			.toList();
		assertThat(all).filteredOn((manifest) -> manifest.get("kind").equals("Service"))
			.hasSize(3)
			.allSatisfy((service) -> assertThat(pods).contains(at(service, "spec", "selector")));
		assertThat(all)
			.filteredOn((manifest) -> Set.of("Deployment", "StatefulSet").contains(manifest.get("kind").toString()))
			.allSatisfy((set) -> assertThat(at(set, "spec", "selector", "matchLabels"))
				.isEqualTo(at(set, "spec", "template", "metadata", "labels")));
		assertThat(all).filteredOn((manifest) -> manifest.get("kind").equals("PodDisruptionBudget"))
			.singleElement()
			.satisfies((budget) -> {
				assertThat(pods).contains(at(budget, "spec", "selector", "matchLabels"));
				assertThat((Integer) at(budget, "spec", "minAvailable"))
					.isLessThan((Integer) at(deployment(), "spec", "replicas"));
			});
		assertThat(at(service("sessionlink"), "spec", "sessionAffinity")).isEqualTo("None");
		assertThat(environment()).filteredOn((entry) -> entry.get("name").equals("SESSIONLINK_RELAY_HOSTS"))
			.singleElement()
			.satisfies((entry) -> assertThat(service(entry.get("value").toString().split(":")[0])).isNotNull());
	}

	private static Map<?, ?> service(String name) throws IOException {
		return manifests().stream()
			.filter((manifest) -> manifest.get("kind").equals("Service")
					&& name.equals(at(manifest, "metadata", "name")))
			.findAny()
			.orElseThrow(() -> new AssertionError("There is no Service " + name));
	}

	private static Map<?, ?> deployment() throws IOException {
		return manifests().stream()
			.filter((manifest) -> manifest.get("kind").equals("Deployment"))
			.findAny()
			.orElseThrow();
	}

	private static Map<?, ?> container() throws IOException {
		return (Map<?, ?>) ((List<?>) at(deployment(), "spec", "template", "spec", "containers")).get(0);
	}

	private static List<Map<?, ?>> containers() throws IOException {
		List<Map<?, ?>> all = new ArrayList<>();
		for (Map<?, ?> manifest : manifests()) {
			if (Set.of("Deployment", "StatefulSet").contains(manifest.get("kind").toString())) {
				((List<?>) at(manifest, "spec", "template", "spec", "containers"))
					.forEach((container) -> all.add((Map<?, ?>) container));
			}
		}
		return all;
	}

	private static List<Map<?, ?>> environment() throws IOException {
		List<Map<?, ?>> entries = new ArrayList<>();
		((List<?>) container().get("env")).forEach((entry) -> entries.add((Map<?, ?>) entry));
		return entries;
	}

	private static List<Object> nodes() throws IOException {
		List<Object> nodes = new ArrayList<>();
		((Map<?, ?>) compose().get("services")).forEach((name, service) -> {
			if (name.toString().startsWith("node-")) {
				nodes.add(service);
			}
		});
		return nodes;
	}

	private static Map<?, ?> compose() throws IOException {
		return (Map<?, ?>) yaml().load(Files.readString(DEPLOY.resolve("compose.yaml")));
	}

	private static List<Map<?, ?>> manifests() throws IOException {
		List<Map<?, ?>> all = new ArrayList<>();
		try (Stream<Path> files = Files.list(KUBERNETES)) {
			for (Path file : files.sorted().toList()) {
				StreamSupport.stream(yaml().loadAll(Files.readString(file)).spliterator(), false)
					.forEach((manifest) -> all.add((Map<?, ?>) manifest));
			}
		}
		return all;
	}

	// A key that is there twice is a mistake.
	private static Yaml yaml() {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		return new Yaml(new SafeConstructor(options));
	}

	private static Object at(Object from, String... path) {
		Object found = from;
		for (String step : path) {
			assertThat(found).as(String.join(".", path)).isInstanceOf(Map.class);
			found = ((Map<?, ?>) found).get(step);
		}
		return found;
	}

	private static Stream<String> strings(Object values) {
		if (values instanceof Map<?, ?> map) {
			return map.keySet().stream().map(Object::toString);
		}
		return (values instanceof List<?> list) ? list.stream().map(Object::toString) : Stream.empty();
	}

	private static List<String> withNames(Map<?, ?> services) {
		return services.keySet().stream().map(Object::toString).toList();
	}

	private static int seconds(Object duration) {
		return DRAIN.matcher(duration.toString()).results().mapToInt((found) -> Integer.parseInt(found.group(1))).sum();
	}

	private int run(String... command) throws Exception {
		return new ProcessBuilder(command).inheritIO()
			.redirectOutput(this.folder.resolve("out").toFile())
			.start()
			.waitFor();
	}

}
