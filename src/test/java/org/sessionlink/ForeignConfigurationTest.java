package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.Phased;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodReturnValueHandler;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.broker.DefaultSubscriptionRegistry;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;

import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.simp.user.UserDestinationResolver;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Controller;
import org.springframework.util.AntPathMatcher;
import org.springframework.validation.Validator;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.WebSocketMessageBrokerStats;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurationSupport;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.messaging.DefaultSimpUserRegistry;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What an application sets for Spring's broker in code, or puts in its place (B39). */
class ForeignConfigurationTest {

	private static final int CORES = Runtime.getRuntime().availableProcessors();

	private InProcess server;

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "clientInboundChannelExecutor", "clientOutboundChannelExecutor", "brokerChannelExecutor" })
	void springsExecutorsAreThereForWhoeverElseUsesThemAndHaveNoThreads(String name) {
		start(Plain.class);
		InProcess.Peer peer = subscriber();

		send(peer, "/app/where");

		await().until(() -> peer.bodies().size() == 1);
		ThreadPoolTaskExecutor executor = this.server.bean(name, ThreadPoolTaskExecutor.class);
		assertThat(executor.getCorePoolSize()).isEqualTo(name.startsWith("broker") ? 0 : CORES * 2);
		assertThat(executor.getPoolSize()).isZero();
	}

	@Test
	@OnPurpose("the statistics show the executors of the channels at work")
	void theStatisticsAreSprings() {
		start(Plain.class);
		InProcess.Peer peer = subscriber();
		send(peer, "/app/where");
		await().until(() -> peer.bodies().size() == 1);

		String stats = this.server.bean(WebSocketMessageBrokerStats.class).toString();

		assertThat(stats).contains("WebSocketSession[1 current WS(1)", "1 total, 0 closed abnormally",
				"stompSubProtocol[processed CONNECT(1)-CONNECTED(1)-DISCONNECT(0)]", "stompBrokerRelay[null]",
				"inboundChannel[pool size = 0, active threads = 0", "outboundChannel[pool size = 0, active threads = 0",
				"sockJsScheduler[pool size = ");
	}

	@ParameterizedTest
	@ValueSource(classes = { OutboundThreads.class, OutboundExecutor.class, OutboundBean.class })
	void thatTheOutboundChannelHasNoThreadsIsSaidAtTheStart(Class<?> application) {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.ExecutorInCode")) {
			start(application);

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN The outbound channel does without the executor that the application has for it");
		}
		InProcess.Peer peer = subscriber();
		send(peer, "/app/where");
		await().until(() -> peer.bodies().size() == 1);
	}

	@Test
	void whereNoExecutorIsSetNothingIsSaid() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.ExecutorInCode")) {
			start(Custom.class);

			assertThat(log.lines()).isEmpty();
		}
	}

	@Test
	void anExecutorThatIsABeanInThePlaceOfSpringsCallsTheMethods() {
		start(InboundBean.class);
		InProcess.Peer peer = subscriber();

		send(peer, "/app/where");

		await().untilAsserted(() -> assertThat(peer.bodies()).singleElement().asString().startsWith("mine-"));
	}

	@ParameterizedTest
	@CsvSource({ "OwnInbound, clientInboundChannel", "OwnOutbound, clientOutboundChannel",
			"OwnBroker, simpleBrokerMessageHandler", "OwnMapping, stompWebSocketHandlerMapping" })
	@OnPurpose("any bean of the broker's can be replaced")
	void whatTheLinkNeedsCannotBeReplacedBehindItsBack(String application, String bean) throws Exception {
		Class<?> configuration = Class.forName(getClass().getName() + "$" + application);

		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start(configuration))
			.havingRootCause()
			.withMessageStartingWith("The bean " + bean + " is the application's own");
	}

	@Test
	void allElseCanBeReplaced() {
		String thread = Thread.currentThread().getName();
		start(OwnRest.class);
		InProcess.Peer peer = subscriber();
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:2\ndestination:/user/topic/own\n\n\0"));

		send(peer, "/app/where");
		send(peer, "/app/mine");

		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactly(thread, "mine"));
		assertThat(this.server.bean(OwnRest.class).used).containsExactly("brokerChannel",
				"simpAnnotationMethodMessageHandler", "subProtocolWebSocketHandler", "userDestinationResolver");
	}

	@Test
	void aConfigurationOfSpringsBesideIsNamed() {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start(Beside.class))
			.havingRootCause()
			.withMessageContaining("ForeignConfigurationTest$SpringsBySubclass")
			.withMessageEndingWith("make it a WebSocketMessageBrokerConfigurer.");
	}

	@Test
	void aRegistryOfUsersThatFollowsNoLoginIsSaidAtTheStart() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.BeansInCode")) {
			start(OwnUsers.class);

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN The bean userRegistry is the application's own");
		}
	}

	@ParameterizedTest
	@CsvSource({ "Plain, 0", "Late, 99", "LateBean, 99" })
	void allStartsAndStopsInThePhaseThatTheApplicationSays(String application, int phase) throws Exception {
		start(Class.forName(getClass().getName() + "$" + application));

		assertThat(List.of("clientInboundChannelExecutor", "clientOutboundChannelExecutor", "brokerChannelExecutor",
				"simpAnnotationMethodMessageHandler", "userDestinationMessageHandler", "messageBrokerTaskScheduler",
				"stompWebSocketHandlerMapping", "subProtocolWebSocketHandler", "simpleBrokerMessageHandler"))
			.allSatisfy((bean) -> assertThat(this.server.bean(bean, Phased.class).getPhase()).isEqualTo(phase));
		assertThat(this.server.bean("org.sessionlink.outbound.outboundDrain", Phased.class).getPhase())
			.isEqualTo(phase + 1);
	}

	@Test
	void whatTheApplicationPublishesAsItStopsReachesClients() {
		start(SayingGoodbye.class);
		InProcess.Peer peer = subscriber();

		this.server.close();

		assertThat(peer.bodies()).containsExactly("goodbye");
		assertThat(peer.isOpen()).isFalse();
	}

	@Test
	void aSelectorThatIsNotOpenToClientsIsSaidAtTheStart() {
		try (RecordedLog log = RecordedLog.of(BrokerInCode.class)) {
			start(Custom.class);

			assertThat(log.lines()).containsExactly("WARN The application has enabled selectors in code, by the "
					+ "header filter: clients may use them with sessionlink.destinations.selectors=on");
		}
	}

	@ParameterizedTest
	@CsvSource({ "'', 3000, 4000", "7s, 7000, 7000", "0, 0, 0" })
	void heartbeatsInCodeCountWhereNoneAreSet(String setting, long fromServer, long fromClient) {
		try (RecordedLog log = RecordedLog.of(BrokerInCode.class)) {
			this.server = InProcess.onSessionLinkSet(Beating.class, Map.of("sessionlink.heartbeat", setting));

			assertThat(this.server.bean(SimpleBrokerMessageHandler.class).getHeartbeatValue())
				.containsExactly(fromServer, fromClient);
			assertThat(log.lines()).containsExactly(
					(setting.isEmpty()) ? "INFO sessionlink.heartbeat = [3000, 4000]ms, as the application says in code"
							: "WARN sessionlink.heartbeat = " + setting
									+ " counts, and not the [3000, 4000]ms that the application says in code");
		}
	}

	@Test
	void whatElseAnApplicationSetsReachesSpring() {
		start(Custom.class);

		assertThat(interceptors("clientInboundChannel")).isOne();
		assertThat(interceptors("clientOutboundChannel")).isEqualTo(2);
		assertThat(interceptors("brokerChannel")).isEqualTo(3);
		assertThat(this.server.bean("brokerChannelExecutor", ThreadPoolTaskExecutor.class).getCorePoolSize())
			.isEqualTo(31);
		SimpleBrokerMessageHandler broker = this.server.bean(SimpleBrokerMessageHandler.class);
		DefaultSubscriptionRegistry registry = (DefaultSubscriptionRegistry) broker.getSubscriptionRegistry();
		assertThat(broker.isPreservePublishOrder()).isTrue();
		assertThat(registry.getPathMatcher().combine("a", "b")).isEqualTo("a.b");
		assertThat(registry.getCacheLimit()).isEqualTo(8192);
		assertThat(registry.getSelectorHeaderName()).isEqualTo("filter");
		assertThat(((Ordered) this.server.bean(SimpUserRegistry.class)).getOrder()).isEqualTo(99);
		assertThat(this.server.bean(WebSocketHandlerMapping.class).getOrder()).isEqualTo(7);
	}

	@Test
	void theApplicationsArgumentsReturnValuesAndConvertersComeFirst() {
		start(Custom.class);

		SimpAnnotationMethodMessageHandler methods = this.server.bean(SimpAnnotationMethodMessageHandler.class);
		assertThat(methods.getCustomArgumentResolvers().get(0)).isInstanceOf(HeadersMethodArgumentResolver.class);
		assertThat(methods.getCustomReturnValueHandlers()).singleElement().isInstanceOf(NoReturnValues.class);
		assertThat(methods.getPathMatcher().combine("a", "b")).isEqualTo("a.b");
		assertThat(methods.getValidator()).isSameAs(this.server.bean("mvcValidator", Validator.class));
		assertThat(this.server.bean(CompositeMessageConverter.class).getConverters()).singleElement()
			.isInstanceOf(StringMessageConverter.class);
	}

	private long interceptors(String channel) {
		return this.server.bean(channel, AbstractSubscribableChannel.class)
			.getInterceptors()
			.stream()
			.filter(Watching.class::isInstance)
			.count();
	}

	private void start(Class<?> application) {
		this.server = InProcess.onSessionLinkSet(application, Map.of());
	}

	private InProcess.Peer subscriber() {
		InProcess.Peer peer = this.server.connect("1.2");
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"));
		return peer;
	}

	private void send(InProcess.Peer peer, String destination) {
		this.server.handle(peer, new TextMessage("SEND\ndestination:" + destination + "\n\n\0"));
	}

	@Controller
	static class Methods {

		@MessageMapping("/where")
		@SendTo("/topic/a")
		String where() {
			return Thread.currentThread().getName();
		}

		@MessageMapping("/mine")
		@SendToUser("/topic/own")
		String mine() {
			return "mine";
		}

	}

	@Configuration
	@EnableSessionLink
	static class Plain extends OneEndpoint {

		@Bean
		Methods methods() {
			return new Methods();
		}

	}

	@Configuration
	@EnableSessionLink
	static class OutboundThreads extends Plain {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.taskExecutor().corePoolSize(21);
		}

	}

	@Configuration
	@EnableSessionLink
	static class OutboundExecutor extends Plain {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.executor(new SimpleAsyncTaskExecutor("mine-"));
		}

	}

	@Configuration
	@EnableSessionLink
	static class OutboundBean extends Plain {

		@Bean
		TaskExecutor clientOutboundChannelExecutor() {
			return new SimpleAsyncTaskExecutor("mine-");
		}

	}

	@Configuration
	@EnableSessionLink
	static class InboundBean extends Plain {

		@Bean
		TaskExecutor clientInboundChannelExecutor() {
			return new SimpleAsyncTaskExecutor("mine-");
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnInbound extends Plain {

		@Bean
		AbstractSubscribableChannel clientInboundChannel() {
			return new ExecutorSubscribableChannel();
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnOutbound extends Plain {

		@Bean
		AbstractSubscribableChannel clientOutboundChannel() {
			return new ExecutorSubscribableChannel();
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnBroker extends Plain {

		@Bean
		SimpleBrokerMessageHandler simpleBrokerMessageHandler(AbstractSubscribableChannel clientInboundChannel,
				AbstractSubscribableChannel clientOutboundChannel, AbstractSubscribableChannel brokerChannel) {
			return new SimpleBrokerMessageHandler(clientInboundChannel, clientOutboundChannel, brokerChannel,
					List.of("/topic/"));
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnMapping extends Plain {

		@Bean
		WebSocketHandlerMapping stompWebSocketHandlerMapping() {
			return new WebSocketHandlerMapping();
		}

	}

	/** Has nearly all of Spring's beans itself, and writes down which are used. */
	@Configuration("ownRest")
	@EnableSessionLink
	static class OwnRest extends Plain {

		private final Set<String> used = new ConcurrentSkipListSet<>();

		@Bean
		AbstractSubscribableChannel brokerChannel() {
			return new ExecutorSubscribableChannel() {

				@Override
				public boolean sendInternal(Message<?> message, long timeout) {
					OwnRest.this.used.add("brokerChannel");
					return super.sendInternal(message, timeout);
				}

			};
		}

		@Bean
		SubProtocolWebSocketHandler subProtocolWebSocketHandler(AbstractSubscribableChannel clientInboundChannel,
				AbstractSubscribableChannel clientOutboundChannel) {
			return new SubProtocolWebSocketHandler(clientInboundChannel, clientOutboundChannel) {

				@Override
				public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
					OwnRest.this.used.add("subProtocolWebSocketHandler");
					super.handleMessage(session, message);
				}

			};
		}

		@Bean
		SimpAnnotationMethodMessageHandler simpAnnotationMethodMessageHandler(
				AbstractSubscribableChannel clientInboundChannel, AbstractSubscribableChannel clientOutboundChannel,
				SimpMessagingTemplate brokerMessagingTemplate) {
			SimpAnnotationMethodMessageHandler methods = new SimpAnnotationMethodMessageHandler(clientInboundChannel,
					clientOutboundChannel, brokerMessagingTemplate) {

				@Override
				public void handleMessage(Message<?> message) {
					OwnRest.this.used.add("simpAnnotationMethodMessageHandler");
					super.handleMessage(message);
				}

			};
			methods.setDestinationPrefixes(List.of("/app"));
			return methods;
		}

		@Bean
		UserDestinationResolver userDestinationResolver(SimpUserRegistry userRegistry) {
			DefaultUserDestinationResolver spring = new DefaultUserDestinationResolver(userRegistry);
			return (message) -> {
				this.used.add("userDestinationResolver");
				return spring.resolveDestination(message);
			};
		}

		@Bean
		TaskScheduler messageBrokerTaskScheduler() {
			return new SimpleAsyncTaskScheduler();
		}

	}

	@Configuration
	@EnableSessionLink
	static class OwnUsers extends Plain {

		@Bean
		SimpUserRegistry userRegistry() {
			return new DefaultSimpUserRegistry();
		}

	}

	@Configuration
	@EnableSessionLink
	static class Beside extends Plain {

		@Bean
		SpringsBySubclass springs() {
			return new SpringsBySubclass();
		}

	}

	static class SpringsBySubclass extends WebSocketMessageBrokerConfigurationSupport {

		@Override
		protected void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/stomp");
		}

	}

	@Configuration
	@EnableSessionLink
	static class Late extends Plain {

		@Override
		public Integer getPhase() {
			return 99;
		}

	}

	@Configuration
	@EnableSessionLink
	static class LateBean {

		@Bean
		WebSocketMessageBrokerConfigurer late() {
			return new Late();
		}

	}

	@Configuration
	@EnableSessionLink
	static class SayingGoodbye extends Plain {

		@Bean
		SmartLifecycle goodbye(SimpMessagingTemplate brokerMessagingTemplate) {
			return new Goodbye(brokerMessagingTemplate);
		}

	}

	private static final class Goodbye implements SmartLifecycle {

		private final SimpMessagingTemplate template;

		private boolean running;

		Goodbye(SimpMessagingTemplate template) {
			this.template = template;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.template.convertAndSend("/topic/a", "goodbye");
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return 100;
		}

	}

	@Configuration
	@EnableSessionLink
	static class Beating extends Plain {

		private final TaskScheduler scheduler;

		// As Spring's documentation has it.
		Beating(@Lazy TaskScheduler messageBrokerTaskScheduler) {
			this.scheduler = messageBrokerTaskScheduler;
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic")
				.setHeartbeatValue(new long[] { 3000, 4000 })
				.setTaskScheduler(this.scheduler);
		}

	}

	@Configuration
	@EnableSessionLink
	static class Custom extends Plain {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			super.registerStompEndpoints(registry);
			registry.setOrder(7);
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(new Watching());
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new Watching(), new Watching());
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic", "/queue").setSelectorHeaderName("filter");
			registry.configureBrokerChannel().interceptors(new Watching(), new Watching(), new Watching());
			registry.configureBrokerChannel().taskExecutor().corePoolSize(31);
			registry.setPathMatcher(new AntPathMatcher("."))
				.setCacheLimit(8192)
				.setPreservePublishOrder(true)
				.setUserRegistryOrder(99);
		}

		@Override
		public void addArgumentResolvers(List<HandlerMethodArgumentResolver> argumentResolvers) {
			argumentResolvers.add(new HeadersMethodArgumentResolver());
		}

		@Override
		public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> returnValueHandlers) {
			returnValueHandlers.add(new NoReturnValues());
		}

		@Override
		public boolean configureMessageConverters(List<MessageConverter> messageConverters) {
			messageConverters.add(new StringMessageConverter());
			return false;
		}

		@Bean
		Validator mvcValidator() {
			return Validator.forInstanceOf(String.class, (text, errors) -> {
			});
		}

	}

	static class Watching implements ChannelInterceptor {

	}

	static class NoReturnValues implements HandlerMethodReturnValueHandler {

		@Override
		public boolean supportsReturnType(MethodParameter returnType) {
			return false;
		}

		@Override
		public void handleReturnValue(Object returnValue, MethodParameter returnType, Message<?> message) {
			throw new UnsupportedOperationException("nothing is supported");
		}

	}

}
