package org.sessionlink;

import jakarta.servlet.ServletContext;

import org.jspecify.annotations.Nullable;
import org.sessionlink.cluster.Cluster;
import org.sessionlink.history.MessageLog;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.watch.CloseLog;
import org.sessionlink.watch.Elsewhere;

/**
 * What the start of the application made, kept where the Spring context finds it: in the
 * servlet context.
 */
record Installation(Settings settings, LinkThreads clock, Links links, SessionLinks sessionLinks,
		@Nullable Cluster cluster) {

	private static final String ATTRIBUTE = Installation.class.getName();

	private static final String SPRING_BOOT = "org/springframework/boot/SpringApplication.class";

	/** Makes what an application with these settings needs. */
	static Installation of(Settings settings, ServletContext servletContext) {
		LinkThreads threads = new LinkThreads();
		Links links = new Links(threads, settings.link());
		links.whenClosed(new CloseLog(settings.closeLog()));
		SessionLinks sessionLinks = new SessionLinks(links, settings.store(), servletContext);
		Cluster cluster = (settings.redis().url() != null) ? new Cluster(settings.redis(), links, sessionLinks,
				servletContext, settings.store().sessionTimeout(), settings.link().users()) : null;
		if (cluster != null && settings.presence().isOn()) {
			cluster.presence().on();
		}
		return new Installation(settings, threads, links, sessionLinks, cluster);
	}

	/** Returns whether this application has one. */
	static boolean isIn(ServletContext servletContext) {
		return servletContext.getAttribute(ATTRIBUTE) != null;
	}

	/**
	 * Returns the installation of this application.
	 * @throws IllegalStateException if there is none
	 */
	static Installation in(ServletContext servletContext) {
		Installation installation = (Installation) servletContext.getAttribute(ATTRIBUTE);
		if (installation == null) {
			throw new IllegalStateException(
					"SessionLink was not there when the application started: " + advice(servletContext));
		}
		return installation;
	}

	private static String advice(ServletContext servletContext) {
		if ("MockServletContext".equals(servletContext.getServerInfo())) {
			return "a test names TestStart among the initializers of its @ContextConfiguration.";
		}
		if (servletContext.getClassLoader().getResource(SPRING_BOOT) != null) {
			return "the servers in Spring Boot run no initializer that is found in a jar. Add a bean of type "
					+ "ServletContextInitializer that is new SessionLinkInitializer()::onStartup.";
		}
		return "its jar belongs into WEB-INF/lib, and web.xml may neither be metadata-complete "
				+ "nor leave the jar out of its absolute-ordering.";
	}

	/** Returns what there is of the application on other servers. */
	Elsewhere elsewhere() {
		return (this.cluster != null) ? this.cluster.elsewhere() : Elsewhere.NOTHING;
	}

	/**
	 * Returns what all servers keep of messages together; null where each has its own.
	 */
	@Nullable MessageLog messageLog() {
		return (this.cluster != null) ? this.cluster.messageLog(this.settings.history().memory()) : null;
	}

	/** Ends all threads, once nothing else of the application runs. */
	void stop() {
		this.clock.close();
		if (this.cluster != null) {
			this.cluster.close();
		}
	}

	void putInto(ServletContext servletContext) {
		servletContext.setAttribute(ATTRIBUTE, this);
	}

}
