package org.sessionlink.broker;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.DefaultSubscriptionRegistry;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/** The registry of subscriptions finds what Spring's finds, whatever comes between. */
class LinkedSubscriptionsTest {

	@Property(tries = 200)
	void itFindsWhatSpringsFinds(@ForAll("scripts") List<Step> script) {
		DefaultSubscriptionRegistry spring = registry(new DefaultSubscriptionRegistry());
		DefaultSubscriptionRegistry ours = new LinkedSubscriptions(spring, (id) -> null);

		List<Map<String, TreeSet<String>>> expected = script.stream().map((step) -> step.what().apply(spring)).toList();

		assertThat(script.stream().map((step) -> step.what().apply(ours)).toList()).isEqualTo(expected);
	}

	private static DefaultSubscriptionRegistry registry(DefaultSubscriptionRegistry registry) {
		registry.setCacheLimit(2);
		registry.setSelectorHeaderName("selector");
		return registry;
	}

	@Provide
	Arbitrary<List<Step>> scripts() {
		Arbitrary<String> sockets = Arbitraries.of("s1", "s2", "s3");
		Arbitrary<String> ids = Arbitraries.of("a", "b");
		Arbitrary<String> names = Arbitraries.of("/t/a", "/t/b", "/t/a/b", "/u");
		Arbitrary<String> patterns = Arbitraries.of("/t/a", "/t/b", "/u", "/t/*", "/t/**", "/t/?", "/**");
		Arbitrary<String> selectors = Arbitraries.of("", "headers.kind == 'good'", "headers.kind != null",
				"no expression");
		Arbitrary<Step> subscribe = Combinators.combine(sockets, ids, patterns, selectors)
			.as((socket, id, pattern, selector) -> change(SimpMessageType.SUBSCRIBE, socket, id, pattern, selector));
		Arbitrary<Step> unsubscribe = Combinators.combine(sockets, ids)
			.as((socket, id) -> change(SimpMessageType.UNSUBSCRIBE, socket, id, "/t/a", ""));
		Arbitrary<Step> leave = sockets.map((socket) -> new Step("leave " + socket, (registry) -> {
			registry.unregisterAllSubscriptions(socket);
			return Map.of();
		}));
		Arbitrary<Step> find = Combinators.combine(names, Arbitraries.of("", "good", "bad"))
			.as((name, kind) -> new Step("find " + name + " " + kind, (registry) -> found(registry, name, kind)));
		return Arbitraries
			.frequencyOf(Tuple.of(5, subscribe), Tuple.of(2, unsubscribe), Tuple.of(1, leave), Tuple.of(5, find))
			.list()
			.ofMaxSize(40);
	}

	private static Step change(SimpMessageType type, String socket, String id, String destination, String selector) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setSessionId(socket);
		headers.setSubscriptionId(id);
		headers.setDestination(destination);
		if (!selector.isEmpty()) {
			headers.setNativeHeader("selector", selector);
		}
		Message<byte[]> frame = message(headers);
		return new Step(type + " " + socket + " " + id + " " + destination + " " + selector, (registry) -> {
			if (type == SimpMessageType.SUBSCRIBE) {
				registry.registerSubscription(frame);
			}
			else {
				registry.unregisterSubscription(frame);
			}
			return Map.of();
		});
	}

	private static Map<String, TreeSet<String>> found(DefaultSubscriptionRegistry registry, String name, String kind) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setDestination(name);
		if (!kind.isEmpty()) {
			headers.setNativeHeader("kind", kind);
		}
		Map<String, TreeSet<String>> found = new TreeMap<>();
		registry.findSubscriptions(message(headers)).forEach((socket, ids) -> found.put(socket, new TreeSet<>(ids)));
		return found;
	}

	private static Message<byte[]> message(SimpMessageHeaderAccessor headers) {
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	/** What happens, to either registry. */
	private record Step(String name, Function<DefaultSubscriptionRegistry, Map<String, TreeSet<String>>> what) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
