package org.sessionlink;

import java.security.Principal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.link.Home;
import org.sessionlink.link.Links;
import org.sessionlink.watch.OperatorConsole;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/** B23 and B40: the operators' console in an application of others. */
class OwnConsoleTest {

	private final StartingContext servletContext = new StartingContext();

	private AnnotationConfigWebApplicationContext root;

	private AnnotationConfigWebApplicationContext context;

	private MockMvcTester http;

	@AfterEach
	void stop() {
		this.context.close();
		if (this.root != null) {
			this.root.close();
		}
		this.servletContext.stop();
	}

	@Test
	void pageAndAnswersAreThereWhereverTheApplicationHasItsControllers() {
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.root = context(null, Console.class);
		this.context = context(this.root, Mvc.class);
		serve();

		assertThat(get("/operator/")).hasStatusOk().bodyText().contains("console/console.js");
		assertThat(get("/operator/console.json")).hasStatusOk().bodyText().contains("\"endpoint\":\"stomp\"");
		assertThat(get("/operator/links")).hasStatusOk();
		assertThat(get("/operator/drain")).hasStatusOk();
	}

	@Test
	void itIsWhereItIsWhateverTheApplicationPutsBeforeItsOwnControllers() {
		start(Elsewhere.class);

		assertThat(get("/api/theirs")).hasStatusOk();
		assertThat(get("/operator/")).hasStatusOk();
		assertThat(get("/operator/console.json")).hasStatusOk()
			.bodyText()
			.contains("\"feed\":\"/user/queue/operators\"");
		assertThat(get("/operator/audit")).hasStatusOk().hasHeader("Cache-Control", "no-store");
	}

	@Test
	void itIsAnsweredInItsOwnWordsHoweverTheApplicationWritesJson() {
		start(OtherJson.class);
		this.context.getBean(Links.class).open("a", "a", Home.GONE);

		assertThat(get("/operator/console.json")).bodyText().contains("\"mayChange\":true");
		assertThat(get("/operator/links")).bodyText()
			.contains("\"pageSize\":50", "\"principal\":null", "\"lastActivity\":\"20", "\"remainingSeconds\":");
		assertThat(get("/operator/audit")).bodyText().contains("\"who\":null", "\"action\":\"LINK_OPENED\"");
	}

	@ParameterizedTest
	@CsvSource({ "/operator/links, DELETE", "/operator/links/a, DELETE", "/operator/sockets/a, DELETE",
			"/operator/user-links, DELETE", "/operator/subscriptions, DELETE", "/operator/drain, POST",
			"/operator/drain, DELETE", "/operator/links, POST", "/operator/links, PUT", "/operator/links, PATCH" })
	void anObserverChangesNothing(String path, String method) {
		start(Elsewhere.class);
		this.context.getBean(Links.class).open("a", "a", Home.GONE);

		MvcTestResult answer = this.http.method(HttpMethod.valueOf(method))
			.uri(path + "?reason=x&user=a&socket=a&id=a&_method=GET")
			.principal(OwnConsoleTest::name)
			.with((request) -> {
				request.addUserRole("OBSERVER");
				return request;
			})
			.exchange();

		assertThat(answer.getResponse().getStatus()).isIn(403, 405);
		assertThat(this.context.getBean(Links.class).open()).hasSize(1);
	}

	@Test
	void thePageGoesToThePlainWebSocketOfSockJs() {
		start(OnlySockJs.class);

		assertThat(get("/operator/console.json")).hasStatusOk().bodyText().contains("\"endpoint\":\"sock/websocket\"");
	}

	private void start(Class<?> application) {
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.context = context(null, application);
		serve();
	}

	private void serve() {
		this.http = MockMvcTester.create(MockMvcBuilders.webAppContextSetup(this.context).build());
	}

	private static String name() {
		return "olga";
	}

	private MvcTestResult get(String path) {
		Principal olga = OwnConsoleTest::name;
		return this.http.get().uri(path).principal(olga).with((request) -> {
			request.addUserRole("OPERATOR");
			return request;
		}).exchange();
	}

	private AnnotationConfigWebApplicationContext context(AnnotationConfigWebApplicationContext parent,
			Class<?> configuration) {
		AnnotationConfigWebApplicationContext started = new AnnotationConfigWebApplicationContext();
		started.setServletContext(this.servletContext);
		started.setParent(parent);
		started.register(configuration);
		started.refresh();
		return started;
	}

	@Configuration
	@EnableSessionLink
	@Import(OperatorConsole.class)
	static class Console extends OneEndpoint {

	}

	@Configuration
	@EnableWebMvc
	static class Mvc implements WebMvcConfigurer {

		@Override
		public void addResourceHandlers(ResourceHandlerRegistry registry) {
			registry.setOrder(0).addResourceHandler("/**").addResourceLocations("classpath:/nothing/");
		}

	}

	@RestController
	static class Theirs {

		@GetMapping("/theirs")
		String theirs() {
			return "theirs";
		}

	}

	/** All of it below a path. */
	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	@Import({ OperatorConsole.class, Theirs.class, BelowPath.class })
	static class Elsewhere extends OneEndpoint {

	}

	static class BelowPath implements WebMvcConfigurer {

		@Override
		public void configurePathMatch(PathMatchConfigurer configurer) {
			configurer.addPathPrefix("/api", (type) -> type.isAnnotationPresent(RestController.class));
		}

	}

	/** Another style of JSON. */
	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	@Import({ OperatorConsole.class, OtherWords.class })
	static class OtherJson extends OneEndpoint {

	}

	static class OtherWords implements WebMvcConfigurer {

		@Override
		public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
			builder.withJsonConverter(new JacksonJsonHttpMessageConverter(JsonMapper.builder()
				.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
				.changeDefaultPropertyInclusion((all) -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
				.build()));
		}

	}

	@Configuration
	@EnableSessionLink
	@EnableWebMvc
	@Import(OperatorConsole.class)
	static class OnlySockJs extends OneEndpoint {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/sock").withSockJS();
		}

	}

}
