package org.sessionlink;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.sessionlink.broker.AcknowledgementSettings;
import org.sessionlink.broker.RelayHost;
import org.sessionlink.broker.RelaySettings;
import org.sessionlink.cluster.RedisSettings;
import org.sessionlink.handshake.HandshakeSettings;
import org.sessionlink.handshake.Origin;
import org.sessionlink.handshake.SecureCookie;
import org.sessionlink.handshake.SessionPolicy;
import org.sessionlink.handshake.TrustedProxy;
import org.sessionlink.history.HistorySettings;
import org.sessionlink.inbound.Activity;
import org.sessionlink.inbound.ConnectLogin;
import org.sessionlink.inbound.DestinationRule;
import org.sessionlink.inbound.DestinationSettings;
import org.sessionlink.inbound.InboundSettings;
import org.sessionlink.inbound.PassedHeaders;
import org.sessionlink.link.LinkLimits;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.UserLimit;
import org.sessionlink.outbound.DrainSettings;
import org.sessionlink.outbound.OutboundSettings;
import org.sessionlink.outbound.PresenceSettings;
import org.sessionlink.store.StoreSettings;
import org.sessionlink.watch.AuditSettings;
import org.sessionlink.watch.CloseLogSettings;
import org.sessionlink.watch.MetricsSettings;
import org.sessionlink.watch.OperatorSettings;

import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Which settings there are, with their defaults: each is read once, as the application
 * starts, into the record of the room that it is for. {@link SettingValues} knows what
 * they may look like.
 *
 * <p>
 * The first of these that has a value wins: context parameters of the servlet context,
 * JNDI ({@code java:comp/env/sessionlink.session}), system properties, environment
 * variables ({@code SESSIONLINK_SESSION}), and the file {@code sessionlink.properties}
 * (UTF-8) on the class path. A blank value counts as none.
 */
record Settings(HandshakeSettings handshake, StoreSettings store, LinkPolicy link, InboundSettings inbound,
		OutboundSettings outbound, PresenceSettings presence, DrainSettings drain, OperatorSettings operator,
		CloseLogSettings closeLog, AuditSettings audit, MetricsSettings metrics,
		AcknowledgementSettings acknowledgement, HistorySettings history, RedisSettings redis, RelaySettings relay,
		Map<String, String> inForce, Set<String> given) {

	/**
	 * Reads all settings of a web application.
	 * @throws SettingsException if a name or a value makes no sense
	 */
	static Settings of(ServletContext servletContext) {
		return of(SettingSources.of(servletContext));
	}

	/**
	 * Reads all settings of an environment.
	 * @throws SettingsException if a name or a value makes no sense
	 */
	static Settings of(ConfigurableEnvironment environment) {
		return of(new SettingSources(environment));
	}

	private static Settings of(SettingSources from) {
		int transactionSize = from.read("limits.transaction-size", "1MB", SettingValues::size);
		Settings settings = new Settings(handshake(from), store(from), link(from), inbound(from, transactionSize),
				outbound(from), presence(from), new DrainSettings(from.read("drain", "10s", SettingValues::period)),
				operator(from), closeLog(from), audit(from), metrics(from), acknowledgement(from), history(from),
				redis(from), relay(from, transactionSize), from.inForce(), from.given());
		from.refuseUnknownNames();
		return settings;
	}

	/** Returns a setting as it is written, or null where it has its default. */
	@Nullable String given(String fullName) {
		return this.given.contains(fullName) ? this.inForce.get(fullName) : null;
	}

	private static HandshakeSettings handshake(SettingSources from) {
		return new HandshakeSettings(from.read("session", "create", SettingValues.oneOf(SessionPolicy.class)),
				from.read("allowed-origins", List.of(), "same origin", SettingValues.listOf(Origin::new)),
				from.read("handshake-attributes", List.of(), "none", SettingValues.listOf(Function.identity())),
				from.read("trusted-proxies", List.of(), "none", SettingValues.listOf(TrustedProxy::new)),
				from.read("secure-cookie", "auto", SettingValues.oneOf(SecureCookie.class)));
	}

	private static StoreSettings store(SettingSources from) {
		return new StoreSettings(from.read("session-timeout", null, "the container's", SettingValues::wholeSeconds),
				from.read("passive-requests", "/session/**, /page/**, /lib/**",
						SettingValues.listOf(SettingValues::path)));
	}

	private static LinkPolicy link(SettingSources from) {
		Duration maxAge = from.read("max-age", null, "off", SettingValues::wholeSeconds);
		return new LinkPolicy(maxAge, from.read("expiry-warning", "60s", SettingValues::wholeSeconds),
				new LinkLimits(limit(from, "sockets-per-link", 64), limit(from, "links-per-address", 1000),
						limit(from, "frames-per-second", 50), limit(from, "frame-burst", 200)),
				new UserLimit(limit(from, "sessions-per-user", 0), from.read("limits.sessions-per-user.when",
						"end-oldest", SettingValues.either("end-oldest", "refuse-new"))));
	}

	private static InboundSettings inbound(SettingSources from, int transactionSize) {
		return new InboundSettings(from.read("activity", "messages", SettingValues.oneOf(Activity.class)),
				destinations(from), from.read("refused-frames", "answer", SettingValues.either("answer", "close")),
				from.read("csrf-on-connect", "off", SettingValues::csrfOnConnect),
				limit(from, "subscriptions-per-socket", 100),
				from.read("limits.message-size", "64KB", SettingValues::size), limit(from, "headers", 100),
				from.read("limits.header-length", "8KB", SettingValues::size), limit(from, "queue", 100_000),
				transactionSize, from.read("connect-login", "ignored", SettingValues.oneOf(ConnectLogin.class)),
				new PassedHeaders(
						from.read("headers.pass", List.of(), "none", SettingValues.listOf(PassedHeaders::pattern))));
	}

	private static DestinationSettings destinations(SettingSources from) {
		return new DestinationSettings(
				from.read("destinations.send", List.of(), "what message methods handle",
						SettingValues.listOf(DestinationRule::of)),
				from.read("destinations.subscribe", List.of(), "what broker and message methods handle",
						SettingValues.listOf(DestinationRule::of)),
				from.read("destinations.patterns", "off", SettingValues.either("off", "on")),
				from.read("destinations.selectors", "off", SettingValues.either("off", "on")));
	}

	private static OutboundSettings outbound(SettingSources from) {
		return new OutboundSettings(from.read("user-change", "carry", SettingValues.either("carry", "close")),
				from.read("heartbeat", "10s", SettingValues::timeLimit),
				from.read("limits.send-buffer", "512KB", SettingValues::size),
				from.read("limits.send-time", "10s", SettingValues::timeLimit),
				from.read("limits.connect-time", "10s", SettingValues::timeLimit),
				from.read("drop-oldest", List.of(), "none", SettingValues.listOf(SettingValues::destination)));
	}

	private static AcknowledgementSettings acknowledgement(SettingSources from) {
		return new AcknowledgementSettings(from.read("redelivery", "5", SettingValues::limit),
				limit(from, "unacknowledged", 1000),
				from.read("destinations.work", List.of(), "none", SettingValues.listOf(SettingValues::destination)));
	}

	private static HistorySettings history(SettingSources from) {
		return new HistorySettings(
				from.read("destinations.keep", List.of(), "none", SettingValues.listOf(PerDestination::keep)),
				from.read("history.memory", "64MB", SettingValues::size));
	}

	private static PresenceSettings presence(SettingSources from) {
		return new PresenceSettings(
				from.read("destinations.presence", List.of(), "none", SettingValues.listOf(SettingValues::destination)),
				from.read("presence-grace", "10s", SettingValues::timeLimit), limit(from, "presence", 1000));
	}

	private static OperatorSettings operator(SettingSources from) {
		return new OperatorSettings(from.read("operator.name", "operator", Function.identity()),
				from.readSecret("operator.password", "one made at each start"),
				from.read("observer.name", "observer", Function.identity()),
				from.readSecret("observer.password", "none: there is no such account"));
	}

	private static CloseLogSettings closeLog(SettingSources from) {
		return new CloseLogSettings(
				from.read("close-log", "logfmt", SettingValues.oneOf(CloseLogSettings.Format.class)),
				from.read("close-log.user", "on", SettingValues.either("off", "on")));
	}

	private static AuditSettings audit(SettingSources from) {
		return new AuditSettings(Set
			.copyOf(from.read("audit.without", List.of(), "nothing", SettingValues.listOf(SettingValues::byItself))));
	}

	private static MetricsSettings metrics(SettingSources from) {
		return new MetricsSettings(from.readSecret("metrics.token", "none", MetricsSettings::token));
	}

	private static RedisSettings redis(SettingSources from) {
		return new RedisSettings(from.readSecret("redis.url", "none: sessions are the container's", RedisSettings::url),
				from.read("redis.grace", "60s", SettingValues::wholeSeconds),
				from.read("redis.namespace", null, "one of the context path", RedisSettings::namespace));
	}

	private static RelaySettings relay(SettingSources from, int transactionSize) {
		return new RelaySettings(from.read("relay.hosts", List.of(), "none", SettingValues.listOf(RelayHost::of)),
				from.read("relay.virtual-host", null, "the broker's default", Function.identity()),
				from.read("relay.login", null, "guest", Function.identity()),
				from.readSecret("relay.passcode", "guest"),
				from.read("relay.tls", "off", SettingValues.either("off", "on")),
				from.read("relay.frame-size", "1MB", SettingValues::size), relayMemory(from),
				from.read("relay.grace", "60s", SettingValues::wholeSeconds), transactionSize);
	}

	private static long relayMemory(SettingSources from) {
		Integer set = from.read("relay.memory", null, "an eighth of the heap", SettingValues::size);
		return (set != null) ? set : Runtime.getRuntime().maxMemory() / 8;
	}

	private static int limit(SettingSources from, String name, int absent) {
		return from.read("limits." + name, Integer.toString(absent), SettingValues::limit);
	}

}
