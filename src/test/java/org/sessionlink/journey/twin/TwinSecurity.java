package org.sessionlink.journey.twin;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Who may what, over HTTP and over STOMP. */
@Configuration
@EnableWebSecurity
@EnableWebSocketSecurity
@EnableMethodSecurity
class TwinSecurity {

	/** A login that goes on in another session, with a copy of the attributes. */
	@Bean
	@Order(1)
	SecurityFilterChain moving(HttpSecurity http) {
		return http.securityMatcher("/moving/**")
			.csrf(AbstractHttpConfigurer::disable)
			.formLogin((login) -> login.loginProcessingUrl("/moving/login").defaultSuccessUrl("/", true))
			.sessionManagement((sessions) -> sessions.sessionFixation((fixation) -> fixation.migrateSession()))
			.build();
	}

	@Bean
	@Order(2)
	SecurityFilterChain staying(HttpSecurity http) {
		return http.csrf(AbstractHttpConfigurer::disable)
			.formLogin((login) -> login.defaultSuccessUrl("/", true))
			.logout((logout) -> logout.logoutSuccessUrl("/"))
			.build();
	}

	@Bean
	UserDetailsService people() {
		return new InMemoryUserDetailsManager(User.withUsername("ada").password("{noop}ada").roles("GUEST").build(),
				User.withUsername("sam").password("{noop}sam").roles("STAFF").build());
	}

	@Bean
	AuthorizationManager<Message<?>> messageRules(MessageMatcherDelegatingAuthorizationManager.Builder messages) {
		return messages.simpMessageDestMatchers("/pub/staff/**")
			.hasRole("STAFF")
			.simpSubscribeDestMatchers("/sub/staff/**")
			.hasRole("STAFF")
			.anyMessage()
			.permitAll()
			.build();
	}

	/** Takes the place of Spring Security's, which asks for a token in CONNECT. */
	@Bean
	ChannelInterceptor csrfChannelInterceptor() {
		return new ChannelInterceptor() {
		};
	}

}
