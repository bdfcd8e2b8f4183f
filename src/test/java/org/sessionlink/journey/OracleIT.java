package org.sessionlink.journey;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.OnPurpose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B39: an application of broad taste is the same with {@code @EnableSessionLink} as with
 * Spring's annotation, for its clients and for itself, but for what differs on purpose.
 */
@OnEveryContainer
class OracleIT {

	private final Container container;

	OracleIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		Person.deploy(OracleIT.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/stomp", "/sock/websocket", "/open" })
	void messageMethodsGetAndAnswerTheSame(String endpoint) {
		List<String> seen = same((person) -> {
			person.visitor().get("/colour?value=green");
			Socket socket = person.connectAt(endpoint, Map.of());
			socket.subscribe("me", "/account/queue/me").subscribe("wrong", "/account/queue/wrong");
			socket.subscribe("said", "/sub/said/hall" + person.tag()).subscribe("w", "/pub/welcome/ada");
			List<Frame> frames = new ArrayList<>(List.of(socket.next()));
			for (String sent : List.of("who", "say/hall" + person.tag(), "add-user", "repeat", "shout", "later",
					"count", "count", "fail")) {
				frames.add(send(socket, sent).next());
			}
			socket.send("/pub/note", "noted").subscribe("usual", "/account/queue/usual");
			frames.add(socket.send("/pub/usual", "as usual").next());
			socket.send("/pub/usual", "stop inbound").send("/pub/usual", "stop outbound");
			frames.add(socket.send("/pub/usual", "inbound and outbound").next());
			frames.add(socket.send("/pub/who", "").next());
			return Stream.concat(frames.stream().map(Frame::described), person.diary("noted")).toList();
		});

		assertThat(seen)
			.contains("MESSAGE{content-type=text/x-shout, destination=/account/queue/me, subscription=me}SHOUT!")
			.contains(
					"MESSAGE{content-type=text/plain;charset=UTF-8, destination=/pub/welcome/ada, subscription=w}welcome ada");
	}

	private static Socket send(Socket socket, String to) {
		String type = switch (to) {
			case "repeat" -> "application/json";
			case "shout" -> "text/x-shout";
			default -> "text/plain";
		};
		String body = to.equals("repeat") ? "{\"text\":\"h\\u00e4\",\"times\":1}" : "Shout";
		return socket.send("SEND\ndestination:/pub/" + to + "\ncontent-type:" + type + "\ntone:loud\n\n" + body + "\0");
	}

	@ParameterizedTest
	@CsvSource({ "/stomp, true, false", "/sock/websocket, true, false", "/stomp, false, true", "/open, false, true",
			"/open, false, false" })
	void aUserIsFoundByName(String endpoint, boolean named, boolean loggedIn) {
		List<String> seen = same((person) -> {
			if (loggedIn) {
				person.login("ada");
			}
			Map<String, String> headers = named ? Map.of("Name", "guest" + person.tag()) : Map.of();
			Socket first = person.openAt(endpoint, headers);
			List<Frame> frames = new ArrayList<>(List.of(first.connect("")));
			Socket second = person.connectAt(endpoint, headers);
			String name = named ? "guest" + person.tag() : loggedIn ? "ada" : "nobody";
			Stream.of(first, second).forEach((socket) -> {
				socket.subscribe("me", "/account/queue/me");
				frames.add(socket.send("/pub/who", "").next());
			});
			frames.add(second.send("/pub/all-of-me", "to all").next());
			if (!name.equals("nobody")) {
				frames.add(first.next());
				person.visitor().get("/tell?text=told&name=" + name);
				frames.add(first.next());
				frames.add(second.next());
			}
			String id = first.send("/pub/id", "").next().body();
			person.visitor().get("/tell-socket?text=only-you&id=" + id);
			frames.add(first.next());
			return Stream
				.concat(frames.stream().map(Frame::described),
						Stream.of(person.visitor().get("/user?name=" + name).body(),
								person.visitor().get("/me").body()))
				.toList();
		});

		assertThat(seen).contains(
				"MESSAGE{content-type=text/plain;charset=UTF-8, destination=/account/queue/me, subscription=me}only-you");
	}

	@Test
	void whoLogsInByAnInterceptorHasItsName() {
		List<String> seen = same((person) -> {
			Socket socket = person.openAt("/stomp", Map.of());
			Frame connected = socket.connect("login:sam\npasscode:sam\n");
			socket.subscribe("me", "/account/queue/me").subscribe("s", "/sub/staff/news");
			Frame answer = socket.send("/pub/staff/open", "").next();
			person.visitor().get("/publish?destination=/sub/staff/news&text=news");
			Socket guest = person.openAt("/stomp", Map.of());
			List<Frame> frames = new ArrayList<>(List.of(connected, answer, socket.next()));
			frames.add(socket.send("/pub/guarded", "").next());
			frames.add(socket.send("/pub/who", "").next());
			frames.add(guest.connect("login:ada\npasscode:ada\n"));
			guest.subscribe("wrong", "/account/queue/wrong");
			frames.add(guest.send("/pub/guarded", "").next());
			return frames.stream().map(Frame::described).toList();
		});

		assertThat(seen).first().asString().contains("user-name=sam");
		assertThat(seen).last().asString().endsWith("not for you");
	}

	@Test
	void theApplicationSeesTheSameOfTheLifeOfASocket() {
		List<Person> people = Person.both(this.container);
		Person.inParallel(people, (person) -> {
			Socket socket = person.connectAt("/stomp", Map.of("Name", "eve"));
			socket.subscribe("me", "/account/queue/me").subscribe("1", "/sub/said/hall" + person.tag());
			socket.send("/pub/say/hall" + person.tag(), "hello").awaitMessage("1");
			socket.send("/pub/count", "").awaitMessage("me");
			socket.send("UNSUBSCRIBE\nid:1\n\n\0");
			socket.send("/pub/count", "").awaitMessage("me");
			socket.send("DISCONNECT\nreceipt:bye\n\n\0").await("RECEIPT");
			socket.close();
			return List.of();
		});

		await().untilAsserted(() -> assertThat(diaries(people.get(1))).isEqualTo(diaries(people.get(0))));
		assertThat(people.get(1).diary("event: ").map((event) -> event.split(" ")[1])).containsExactly(
				"SessionConnectEvent", "SessionConnectedEvent", "SessionSubscribeEvent", "SessionSubscribeEvent",
				"SessionUnsubscribeEvent", "SessionDisconnectEvent");
		assertThat(diaries(people.get(1))).containsKeys("in", "in handled", "out", "out late", "destroyed at 2");
	}

	// Each event by itself, as plain Spring has several threads publish them.
	private static Map<String, List<String>> diaries(Person person) {
		return person.diary("")
			.map((entry) -> Person.withoutOurs(entry).replace("simpHeartbeat, ", ""))
			.collect(Collectors.groupingBy((entry) -> entry.split("(?<!event): ")[0], TreeMap::new,
					Collectors.toList()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/rotate", "/migrate", "/replace", "/login?username=ada&password=ada",
			"/moving/login?username=ada&password=ada" })
	void aSessionAndWhatIsInItOutliveALogin(String login) {
		List<String> seen = same((person) -> {
			person.visitor().get("/colour?value=green");
			person.visitor().get("/basket");
			Socket before = person.connectAt("/stomp", Map.of());
			person.visitor().request(login.contains("login") ? "POST" : "GET", login);
			String id = person.visitor().sessionId();
			String attributes = Person.withoutOurs(person.visitor().get("/attributes").body());
			String basket = person.visitor().get("/basket").body();
			Socket socket = person.connectAt("/stomp", Map.of()).subscribe("me", "/account/queue/me");
			String who = socket.send("/pub/who", "").next().body();
			before.trySend("SEND\ndestination:/pub/who\n\n\0");
			return List.of(attributes, basket, who, person.visitor().get("/me").body(),
					String.valueOf(id.equals(person.visitor().sessionId())));
		});

		assertThat(seen).contains("2", "true");
	}

	@Test
	void framesMayLieInMessagesAsTheyLike() {
		List<String> seen = same((person) -> {
			Socket socket = person.openAt("/stomp", Map.of());
			socket.sendInParts("STOMP\naccept-version:1.0,1.1\n\n\0");
			List<Frame> frames = new ArrayList<>(List.of(socket.next()));
			socket.send(
					"SUBSCRIBE\nid:me\ndestination:/account/queue/me\n\n\0\n\nSUBSCRIBE\nid:said\ndestination:/sub/said/"
							+ person.tag() + "\n\n\0\n");
			socket.send("\n").send("SEND\ndestination:/pub/say/" + person.tag()).send("\n\nin three").send(" parts\0");
			frames.add(socket.next());
			socket.sendBinary(("SEND\ndestination:/pub/raw/" + person.tag()
					+ "\ncontent-type:application/octet-stream\n\nbytes\0")
				.getBytes(StandardCharsets.UTF_8));
			frames.add(socket.next());
			socket.send("SEND\ndestination:/pub/say/" + person.tag() + "\nodd:a\\nb\\cc\ncontent-length:5\n\nin\0ul\0");
			frames.add(socket.next());
			person.visitor().get("/publish?destination=/sub/said/" + person.tag() + "&text=" + "x".repeat(5000));
			frames.add(socket.next());
			return frames.stream().map((frame) -> frame.described() + frame.binary()).toList();
		});

		assertThat(seen).first().asString().contains("version=1.1");
		assertThat(seen).last().asString().contains("kind=news");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "v10.stomp", "v12.stomp", "mqtt", "mqtt, v11.stomp, v12.stomp" })
	void theProtocolIsChosenTheSame(String protocols) {
		same((person) -> {
			Handshake answer = Handshake.at(person.visitor().url("/stomp"),
					protocols.isEmpty() ? "A: b" : "Sec-WebSocket-Protocol: " + protocols);
			return List.of(answer.status() + " " + answer.header("Sec-WebSocket-Protocol"));
		});
	}

	@Test
	void aHandshakeIsRefusedTheSame() {
		List<String> seen = same((person) -> {
			Handshake answer = Handshake.at(person.visitor().url("/stomp?tag=" + person.tag()), "Refuse: 1");
			return List.of(answer.status() + answer.body() + person.diary("").toList());
		});

		assertThat(seen).singleElement().asString().startsWith("402");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "POST", "PUT", "OPTIONS" })
	void whatIsNoUpgradeIsAnsweredTheSame(String method) {
		same((person) -> Stream.of("/stomp", "/sock", "/sock/websocket").map((path) -> {
			HttpResponse<String> answer = person.visitor().request(method, path);
			return path + " " + answer.statusCode() + " "
					+ answer.headers().firstValue("Allow").map((allow) -> new TreeSet<>(List.of(allow.split(", ?"))));
		}).toList());
	}

	@Test
	void aConnectionThatBreaksIsToldTheSame() {
		List<Person> people = Person.both(this.container);
		Person.inParallel(people, (person) -> {
			Socket socket = person.connectAt("/stomp", Map.of());
			socket.subscribe("me", "/account/queue/me").send("/pub/count", "").awaitMessage("me");
			socket.drop();
			await().until(() -> person.diary("destroyed").count() == 1);
			return List.of();
		});

		await().untilAsserted(() -> assertThat(people.get(1).diary("DisconnectEvent").toList())
			.isEqualTo(people.get(0).diary("DisconnectEvent").toList())
			.hasSize(1));
		assertThat(people.get(1).visitor().get("/diary?tag=start").body())
			.isEqualTo(people.get(0).visitor().get("/diary?tag=start").body())
			.isNotEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "/sock/info, https://other.example", "/sock/info, ''", "/sock, ''", "/sock/iframe.html, ''",
			"/sock/000/abc/jsonp, ''" })
	void whatSockJsAsksForBeforehandIsTheSame(String path, String origin) {
		same((person) -> {
			HttpResponse<String> answer = person.visitor()
				.request("GET", path, origin.isEmpty() ? Map.of() : Map.of("Origin", origin));
			return Stream.concat(Stream.of(answer.statusCode() + " " + answer.body().replaceAll("-?[0-9]{5,}", "n")),
					answer.headers()
						.map()
						.entrySet()
						.stream()
						.filter((header) -> !header.getKey().matches("(?i)date|set-cookie|content-length|etag"))
						.map(Map.Entry::toString)
						.sorted())
				.toList();
		});
	}

	@ParameterizedTest
	@CsvSource({ "/stomp, https://partner.example", "/stomp, https://other.example",
			"/sock/websocket, https://other.example", "/open, ''", "/stomp, ''" })
	void originsAreAskedForTheSame(String endpoint, String origin) {
		same((person) -> {
			String[] headers = origin.isEmpty() ? new String[0] : new String[] { "Origin: " + origin };
			return List.of(String.valueOf(Handshake.at(person.visitor().url(endpoint), headers).status()));
		});
	}

	private List<String> same(Function<Person, List<String>> scenario) {
		List<List<String>> seen = Person.onBoth(this.container, scenario);
		assertThat(seen.get(1)).isEqualTo(seen.get(0));
		return seen.get(1);
	}

}
