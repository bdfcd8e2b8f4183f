package org.sessionlink.app;

import java.util.Map;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PlainErrorsTest {

	private final PlainErrors filter = new PlainErrors();

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/session");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@ParameterizedTest
	@ValueSource(strings = { "/session;a=%zz", "/%", "/session;%zz=1", "/%e0%8" })
	void aPathThatCannotBeDecodedGoesNoFurther(String path) throws Exception {
		MockFilterChain chain = new MockFilterChain();
		this.request.setRequestURI(path);

		try (RecordedLog log = RecordedLog.of(PlainErrors.class)) {
			this.filter.doFilter(this.request, this.response, chain);

			assertThat(log.lines()).isEmpty();
		}

		assertThat(chain.getRequest()).isNull();
		assertThat(this.response.getStatus()).isEqualTo(400);
		assertThat(this.response.getContentAsString())
			.isEqualTo("This request is not well-formed: look at its path and parameters.");
		assertThat(this.response.getContentType()).isEqualTo("text/plain;charset=UTF-8");
	}

	@Test
	void parametersThatCannotBeDecodedGoNoFurther() throws Exception {
		MockFilterChain chain = new MockFilterChain();
		MockHttpServletRequest malformed = new MockHttpServletRequest("GET", "/session") {

			@Override
			public Map<String, String[]> getParameterMap() {
				throw new IllegalStateException("a container's own words");
			}

		};

		this.filter.doFilter(malformed, this.response, chain);

		assertThat(chain.getRequest()).isNull();
		assertThat(this.response.getStatus()).isEqualTo(400);
		assertThat(this.response.getContentAsString()).startsWith("This request is not well-formed");
	}

	@ParameterizedTest
	@CsvSource({ "404, There is nothing at this path.", "405, This path does not take this method.",
			"415, This request was refused.", "499, This request was refused.",
			"500, The server could not handle this request: its log says why.",
			"503, The server could not handle this request: its log says why." })
	void whatIsRefusedIsSaidInWordsOfOurOwn(int status, String sentence) throws Exception {
		pass((answer) -> {
			answer.getWriter().write("half an answer");
			answer.sendError(status, "No static resource of org.example.Secret");
		});

		assertThat(this.response.getStatus()).isEqualTo(status);
		assertThat(this.response.getContentAsString()).isEqualTo(sentence);
	}

	@Test
	void whatFailsIsInTheLogAndNotInTheAnswer() throws Exception {
		try (RecordedLog log = RecordedLog.of(PlainErrors.class)) {
			pass((answer) -> {
				throw new ServletException("secret");
			});

			assertThat(log.lines()).containsExactly("ERROR A request failed");
		}

		assertThat(this.response.getStatus()).isEqualTo(500);
		assertThat(this.response.getContentAsString()).startsWith("The server could not").doesNotContain("secret");
	}

	@Test
	void anAnswerThatIsUnderWayIsLeftToTheContainer() {
		this.response.setCommitted(true);

		assertThatIllegalStateException().isThrownBy(() -> pass((answer) -> {
			throw new IllegalStateException("late");
		})).withMessage("late");
	}

	@Test
	void whatSucceedsIsUntouched() throws Exception {
		pass((answer) -> answer.getWriter().write("fine"));

		assertThat(this.response.getStatus()).isEqualTo(200);
		assertThat(this.response.getContentAsString()).isEqualTo("fine");
	}

	private void pass(Handler handler) throws Exception {
		FilterChain chain = (request, answer) -> {
			try {
				handler.handle((HttpServletResponse) answer);
			}
			catch (ServletException | RuntimeException | java.io.IOException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		};
		this.filter.doFilter(this.request, this.response, chain);
	}

	@FunctionalInterface
	private interface Handler {

		void handle(HttpServletResponse answer) throws Exception;

	}

}
