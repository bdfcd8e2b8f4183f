package org.sessionlink.store;

import java.io.IOException;
import java.io.InputStream;
import java.security.Principal;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.Identity;

import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

import static org.assertj.core.api.Assertions.assertThat;

class IdentitiesTest {

	private static final Principal ADA = () -> "ada";

	@Test
	void aPrincipalOfAnyKindHasNoRoles() {
		assertThat(Identities.of(ADA)).isEqualTo(new Identity(ADA, Set.of()));
		assertThat(Identities.of(null)).isEqualTo(Identity.ANONYMOUS);
	}

	@Test
	void anAuthenticationBringsItsRoles() {
		Identity identity = Identities.of(UsernamePasswordAuthenticationToken.authenticated("ada", null,
				AuthorityUtils.createAuthorityList("ROLE_STAFF")));

		assertThat(identity.name()).isEqualTo("ada");
		assertThat(identity.roles()).containsExactly("STAFF");
	}

	@Test
	void whoHasNotProvedWhoTheyAreIsNobody() {
		assertThat(Identities.of(UsernamePasswordAuthenticationToken.unauthenticated("ada", "guess")))
			.isEqualTo(Identity.ANONYMOUS);
		assertThat(Identities
			.of(new AnonymousAuthenticationToken("key", "anyone", AuthorityUtils.createAuthorityList("ROLE_STAFF"))))
			.isEqualTo(Identity.ANONYMOUS);
	}

	@Test
	void whoFailsToSayTheirNameIsNobody() {
		try (RecordedLog log = RecordedLog.of(Identities.class)) {
			assertThat(Identities.of(() -> {
				throw new IllegalStateException("no name today");
			})).isEqualTo(Identity.ANONYMOUS);
			assertThat(log.texts()).contains("does not say its name");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "a null among them", "an exception", "an error" })
	void whoDoesNotSayWhatTheyMayDoMayNothing(String authorities) {
		try (RecordedLog log = RecordedLog.of(Identities.class)) {
			Identity identity = Identities.of(new TestingAuthenticationToken("ada", null, List.of()) {

				@Override
				public Collection<GrantedAuthority> getAuthorities() {
					return switch (authorities) {
						case "null" -> null;
						case "a null among them" -> Collections.singleton(null);
						case "an exception" -> throw new UnsupportedOperationException("on purpose");
						default -> throw new NoClassDefFoundError("on purpose");
					};
				}

			});

			assertThat(identity.name()).isEqualTo("ada");
			assertThat(identity.roles()).isEmpty();
			assertThat(log.lines()).hasSize(authorities.startsWith("an ") ? 1 : 0);
		}
	}

	@Test
	void withoutSpringSecurityAPrincipalIsStillKnown() throws Exception {
		Class<?> identities = new WithoutSpringSecurity().loadClass(Identities.class.getName());
		MockHttpSession session = new MockHttpSession();
		session.setAttribute("SPRING_SECURITY_CONTEXT", "of somebody else");
		var of = identities.getDeclaredMethod("of", Principal.class);
		var in = identities.getDeclaredMethod("in", jakarta.servlet.http.HttpSession.class);
		in.setAccessible(true);

		assertThat(identities.getClassLoader()).isInstanceOf(WithoutSpringSecurity.class);
		assertThat(of.invoke(null, ADA)).isEqualTo(new Identity(ADA, Set.of()));
		assertThat(in.invoke(null, session)).isEqualTo(Identity.ANONYMOUS);
	}

	/** Loads this package anew, in a world where there is no Spring Security. */
	private static final class WithoutSpringSecurity extends ClassLoader {

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("org.springframework.security.")) {
				throw new ClassNotFoundException(name);
			}
			if (!name.startsWith("org.sessionlink.store.")) {
				return super.loadClass(name, resolve);
			}
			try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
				byte[] bytes = in.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
