package org.sessionlink.watch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletResponse;
import org.sessionlink.link.Notices;
import org.sessionlink.link.OwnQueue;
import org.sessionlink.store.SessionLinks;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * The operators' console, a page at {@code /operator/}, with the
 * {@link OperatorController} that it asks and a feed over the application's own STOMP
 * endpoint (B23).
 *
 * <p>
 * An application that wants it imports it. The page and its scripts are nobody's secret,
 * and ask for a login themselves: whatever they show, the roles {@code OPERATOR} and
 * {@code OBSERVER} alone are given.
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
@Import({ OperatorController.class, ConsoleController.class, ConsoleFeed.class, ConsoleFigures.class })
public class OperatorConsole {

	/** Beside what an application has for all paths that nobody else takes. */
	private static final int BEFORE_OTHERS = -1;

	// Named as they are imported.
	private static final String[] CONTROLLERS = Stream
		.of(OperatorController.class, DrainController.class, ConsoleController.class)
		.map(Class::getName)
		.toArray(String[]::new);

	/** Over which operators hear of all sessions. */
	@Bean("org.sessionlink.operatorsQueue")
	static OwnQueue operatorsQueue() {
		return new OwnQueue(Notices.OPERATORS, Operators.ROLES);
	}

	/**
	 * Finds what the page asks, beside it, wherever the application has its controllers.
	 */
	@Bean(name = "org.sessionlink.operatorMapping", defaultCandidate = false)
	@Fallback
	static SessionMapping operatorMapping(SessionLinks sessionLinks) {
		return new SessionMapping(CONTROLLERS, sessionLinks);
	}

	/** Finds the page and what it loads, and nothing else. */
	@Bean(name = "org.sessionlink.consoleMapping", defaultCandidate = false)
	@Fallback
	static SimpleUrlHandlerMapping consoleMapping(WebApplicationContext context, SessionLinks sessionLinks) {
		Map<String, Object> files = new LinkedHashMap<>();
		files.put("/operator", (HttpRequestHandler) (request, response) -> redirect(response));
		files.put("/operator/", files(ConsoleFiles.OWN, sessionLinks, context).always("index.html"));
		files.put("/operator/console/**", files(ConsoleFiles.OWN, sessionLinks, context));
		files.put("/operator/lib/session-link/**", files("META-INF/resources/session-link/", sessionLinks, context));
		files.put("/operator/lib/stompjs/**", jar("stomp__stompjs", "esm6/", sessionLinks, context));
		files.put("/operator/lib/bootstrap/**", jar("bootstrap", "dist/", sessionLinks, context));
		files.put("/operator/lib/uplot/**", jar("uplot", "dist/", sessionLinks, context));
		return new SimpleUrlHandlerMapping(files, BEFORE_OTHERS);
	}

	private static ConsoleFiles files(String folder, SessionLinks sessionLinks, WebApplicationContext context) {
		return new ConsoleFiles(sessionLinks, List.of(new ClassPathResource(folder)), context);
	}

	private static ConsoleFiles jar(String name, String folder, SessionLinks sessionLinks,
			WebApplicationContext context) {
		return new ConsoleFiles(sessionLinks, List.of(new WebJar(name).folder(folder)), context);
	}

	// Relative, whatever stands before the application: the files are beside the page.
	private static void redirect(HttpServletResponse response) {
		response.setStatus(HttpServletResponse.SC_FOUND);
		response.setHeader(HttpHeaders.LOCATION, "operator/");
	}

}
