package org.sessionlink.app;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

import jakarta.servlet.DispatcherType;
import org.jspecify.annotations.Nullable;
import org.sessionlink.inbound.ConnectAuthenticator;
import org.sessionlink.inbound.ConnectLogin;
import org.sessionlink.inbound.InboundSettings;
import org.sessionlink.link.LoginTries;
import org.sessionlink.store.UserSessionsAuthenticationStrategy;
import org.sessionlink.watch.OperatorSettings;
import org.sessionlink.watch.SessionCors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.annotation.web.configurers.RequestCacheConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.function.SingletonSupplier;

/**
 * Spring Security for HTTP: login and logout, tokens against forged requests, headers,
 * and the operators' area, where the server refuses observers what changes something.
 * Everything else is open to anonymous visitors.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@Import(LoginController.class)
class SecurityConfig {

	private static final Logger logger = LoggerFactory.getLogger(SecurityConfig.class);

	private static final String POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; "
			+ "frame-ancestors 'none'; object-src 'none'";

	/**
	 * A handshake over HTTP/2 (B44). No page can send a token with it, nor needs to: its
	 * origin is checked, as with the GET of HTTP/1.1.
	 */
	private static final RequestMatcher HANDSHAKE = PathPatternRequestMatcher.withDefaults()
		.matcher(HttpMethod.valueOf("CONNECT"), "/greeting");

	/** The page, which asks for a login itself, and what it loads. */
	private static final String[] CONSOLE = { "/operator", "/operator/", "/operator/console/**", "/operator/lib/**" };

	private static final int PASSWORD_BYTES = 15;

	@Bean
	SecurityFilterChain securityFilterChain(HttpSecurity http, AuthenticationManager authenticationManager,
			LoginTries tries, SessionCors cors) {
		LoginAnswers answers = new LoginAnswers();
		return http.authenticationManager(authenticationManager)
			.authorizeHttpRequests((requests) -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
				.permitAll()
				.requestMatchers(CONSOLE)
				.permitAll()
				.requestMatchers("/operator", "/operator/**")
				.hasAnyRole("OPERATOR", "OBSERVER")
				.anyRequest()
				.permitAll())
			.csrf((csrf) -> csrf.csrfTokenRepository(new SessionCsrfTokens()).ignoringRequestMatchers(HANDSHAKE))
			.addFilter(cors.filter("/session/**", "/csrf", "/login", "/logout"))
			.addFilterBefore(new JsonLogin(), UsernamePasswordAuthenticationFilter.class)
			.addFilterBefore(new SlowLogin(tries, answers), UsernamePasswordAuthenticationFilter.class)
			.formLogin((login) -> login.loginProcessingUrl("/login")
				.successHandler(answers::loggedIn)
				.failureHandler(answers::loginRefused))
			.logout((logout) -> logout.logoutSuccessHandler(answers::loggedOut))
			.sessionManagement((sessions) -> sessions.sessionFixation((fixation) -> fixation.changeSessionId())
				.addSessionAuthenticationStrategy(new UserSessionsAuthenticationStrategy()))
			// It would start a session to come back to a page after the login.
			.requestCache(RequestCacheConfigurer::disable)
			.exceptionHandling((refusals) -> refusals.authenticationEntryPoint(answers::loginRequired)
				.accessDeniedHandler(answers::accessDenied))
			.headers((headers) -> headers.contentSecurityPolicy((policy) -> policy.policyDirectives(POLICY))
				.frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
				.referrerPolicy((referrer) -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
				.withObjectPostProcessor(headersFirst()))
			.build();
	}

	/** Spring Security's own, which lets a CONNECT pass as well (B44). */
	@Bean
	HttpFirewall httpFirewall() {
		StrictHttpFirewall firewall = new StrictHttpFirewall();
		firewall.setAllowedHttpMethods(List.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"));
		return firewall;
	}

	// Spring Security waits until a response is committed, and missed that of a large
	// file
	// on Jetty once.
	private static ObjectPostProcessor<HeaderWriterFilter> headersFirst() {
		return new ObjectPostProcessor<>() {

			@Override
			public <O extends HeaderWriterFilter> O postProcess(O filter) {
				filter.setShouldWriteHeadersEagerly(true);
				return filter;
			}

		};
	}

	/**
	 * Asks the application's own accounts, or those of the settings where there are none.
	 */
	@Bean
	AuthenticationManager authenticationManager(ObjectProvider<UserDetailsService> accounts,
			ObjectProvider<PasswordEncoder> encoders, OperatorSettings operator) {
		PasswordEncoder encoder = encoders.getIfAvailable(PasswordEncoderFactories::createDelegatingPasswordEncoder);
		DaoAuthenticationProvider provider = new DaoAuthenticationProvider(
				accounts.getIfAvailable(() -> ownAccounts(operator, encoder)));
		provider.setPasswordEncoder(encoder);
		return new ProviderManager(provider);
	}

	/** Asks these accounts who connects, where the settings want that (B35). */
	@Bean
	@Nullable ConnectAuthenticator connectAuthenticator(AuthenticationManager accounts,
			ObjectProvider<InboundSettings> settings) {
		boolean asked = settings.stream().anyMatch((inbound) -> inbound.connectLogin() != ConnectLogin.IGNORED);
		return asked ? new AccountLogin(accounts) : null;
	}

	private static UserDetailsService ownAccounts(OperatorSettings settings, PasswordEncoder encoder) {
		List<UserDetails> given = new ArrayList<>();
		String observers = settings.observerPassword();
		if (observers != null) {
			if (settings.observerName().equals(settings.name())) {
				throw new IllegalStateException("sessionlink.observer.name is '" + settings.name()
						+ "', as the operator's: give each a name of their own.");
			}
			given.add(account("observer", settings.observerName(), observers, encoder));
		}
		if (settings.password() != null) {
			given.add(account("operator", settings.name(), settings.password(), encoder));
			return new InMemoryUserDetailsManager(given);
		}
		String password = madeUp();
		logger.warn("Operator '{}' may log in with the password {}, made for this start: "
				+ "set sessionlink.operator.password to choose one", settings.name(), password);
		// A tenth of a second that a start need not wait for: most are never used.
		SingletonSupplier<UserDetailsService> all = SingletonSupplier.of(() -> {
			given.add(account("operator", settings.name(), password, encoder));
			return new InMemoryUserDetailsManager(given);
		});
		return (name) -> all.obtain().loadUserByUsername(name);
	}

	private static UserDetails account(String who, String name, String password, PasswordEncoder encoder) {
		return User.withUsername(name)
			.password(encode(who, password, encoder))
			.roles(who.toUpperCase(Locale.ROOT))
			.build();
	}

	private static String madeUp() {
		byte[] bytes = new byte[PASSWORD_BYTES];
		new SecureRandom().nextBytes(bytes);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	private static String encode(String who, String password, PasswordEncoder encoder) {
		try {
			return encoder.encode(password);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalStateException(
					"sessionlink." + who + ".password cannot be used: " + ex.getMessage() + ".");
		}
	}

}
