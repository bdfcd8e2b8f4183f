package org.sessionlink;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.ObjectName;

import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionListener;
import org.junit.jupiter.api.Test;
import org.sessionlink.guest.Household;
import org.sessionlink.watch.HealthApi;
import org.sessionlink.watch.MetricsApi;
import org.sessionlink.watch.SessionApi;

import org.aopalliance.intercept.MethodInterceptor;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.EnableMBeanExport;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B40: nothing of SessionLink stands where an application meant something of its own. */
class GuestTest {

	@Test
	void everyBeanOfOursHasANameThatNobodyElseCanMean() {
		try (Application plain = new Application(Plain.class); Application linked = new Application(Linked.class)) {
			List<String> ours = linked.beans();
			ours.removeAll(plain.beans());

			assertThat(ours).isNotEmpty().allMatch((name) -> name.startsWith("org.sessionlink."));
		}
	}

	@Test
	void nothingOfOursComesBeforeWhatTheApplicationHasOfATypeOfOthers() {
		try (Application plain = new Application(Plain.class); Application linked = new Application(Linked.class)) {
			List<String> ours = linked.beans();
			ours.removeAll(plain.beans());

			assertThat(ours).filteredOn((name) -> linked.hasTypeOfOthers(name) && !linked.standsBack(name)).isEmpty();
		}
	}

	@Test
	void noBeanIsAListenerOfTheContainerWhichSpringBootWouldRegisterAgain() {
		try (Application linked = new Application(Linked.class)) {
			assertThat(linked.context.getBeanNamesForType(ServletRequestListener.class)).isEmpty();
			assertThat(linked.context.getBeanNamesForType(HttpSessionListener.class)).isEmpty();
		}
	}

	@Test
	void allOfOursIsThereFromTheStartThoughTheApplicationIsLazy() {
		try (Application lazy = new Application(Lazy.class)) {
			assertThat(lazy.beans()).filteredOn((name) -> name.startsWith("org.sessionlink."))
				.allMatch(lazy.context.getBeanFactory()::containsSingleton);
		}
	}

	@Test
	void classesThatAreCalledAsOursAreFoundAndBothWork() {
		try (InProcess household = InProcess.onSessionLink(Household.class)) {
			InProcess.Peer peer = household.connect("1.2");

			household.handle(peer, new TextMessage("SEND\ndestination:/app/session/extend\nreceipt:1\n\n\0"));

			await().untilAsserted(() -> assertThat(peer.received()).extracting((frame) -> frame.command().toString())
				.containsExactly("CONNECTED", "RECEIPT"));
			assertThat(household.bean("linkOperations", Object.class)).hasToString("1 times extended");
		}
	}

	@Test
	void anAspectAroundControllersAndAnExporterOfMBeansFindNothingOfOurs() throws JMException {
		try (InProcess first = InProcess.onSessionLink(Busy.class)) {
			assertThat(exported()).allMatch((name) -> "Links".equals(name.getKeyProperty("type")));

			InProcess.Peer peer = first.connect("1.2");
			first.handle(peer, new TextMessage("SEND\ndestination:/app/session/extend\nreceipt:1\n\n\0"));
			await().untilAsserted(() -> assertThat(peer.received()).hasSize(2));
		}
	}

	private static Set<ObjectName> exported() throws JMException {
		return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("org.sessionlink*:*"), null);
	}

	/** An application that has started. */
	private static final class Application implements AutoCloseable {

		private final StartingContext servletContext = new StartingContext();

		private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

		Application(Class<?> configuration) {
			new SessionLinkInitializer().onStartup(this.servletContext);
			this.context.setServletContext(this.servletContext);
			this.context.register(configuration);
			this.context.refresh();
		}

		List<String> beans() {
			List<String> names = new ArrayList<>(List.of(this.context.getBeanDefinitionNames()));
			names.removeAll(List.of("guestTest.Plain", "guestTest.Linked"));
			// Ours in place of Spring's.
			names.remove("org.springframework.web.socket.config.annotation."
					+ "DelegatingWebSocketMessageBrokerConfiguration");
			return names;
		}

		/**
		 * Returns whether a bean has a type that is neither ours nor for Spring's core.
		 */
		boolean hasTypeOfOthers(String name) {
			Set<Class<?>> types = ClassUtils.getAllInterfacesForClassAsSet(this.context.getType(name));
			return types.stream()
				.map(Class::getName)
				.anyMatch((type) -> !type.startsWith("org.sessionlink.") && !type.startsWith("java.lang.")
						&& !type.matches("org\\.springframework\\.(beans\\..*|context\\..*|aop\\..*|core\\.Ordered)"));
		}

		boolean standsBack(String name) {
			AbstractBeanDefinition definition = (AbstractBeanDefinition) this.context.getBeanFactory()
				.getMergedBeanDefinition(name);
			return !definition.isAutowireCandidate() || !definition.isDefaultCandidate() || definition.isFallback();
		}

		@Override
		public void close() {
			this.context.close();
			this.servletContext.stop();
		}

	}

	@Configuration
	@EnableWebSocketMessageBroker
	static class Plain implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/stomp");
		}

	}

	@Configuration
	@EnableSessionLink
	@Import({ SessionApi.class, HealthApi.class, MetricsApi.class })
	static class Linked implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/stomp");
		}

	}

	/** Makes each bean when it is first needed, unless the bean says otherwise. */
	static class Lazy extends Linked {

		@Bean
		static BeanFactoryPostProcessor lazily() {
			return (beans) -> Stream.of(beans.getBeanDefinitionNames())
				.map(beans::getBeanDefinition)
				.map(AbstractBeanDefinition.class::cast)
				.filter((definition) -> definition.getLazyInit() == null)
				.forEach((definition) -> definition.setLazyInit(true));
		}

	}

	/** Has something around each controller, and shows every MBean that it has. */
	@EnableMBeanExport
	static class Busy extends Linked {

		@Bean
		static DefaultAdvisorAutoProxyCreator proxies() {
			return new DefaultAdvisorAutoProxyCreator();
		}

		@Bean
		static DefaultPointcutAdvisor aroundControllers() {
			return new DefaultPointcutAdvisor(AnnotationMatchingPointcut.forClassAnnotation(Controller.class),
					(MethodInterceptor) (call) -> call.proceed());
		}

	}

}
