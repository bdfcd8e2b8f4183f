package org.sessionlink.watch;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Lazy;

/** Shows the links on the server's own MBean server, as long as the application runs. */
@Lazy(false)
final class LinksJmx implements InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(LinksJmx.class);

	private static final String WHO = "jmx";

	private final Links links;

	private final LinkOperations operations;

	private final DrainOperations drain;

	private final String contextPath;

	private @Nullable ObjectName registered;

	LinksJmx(Links links, LinkOperations operations, DrainOperations drain, ServletContext servletContext) {
		this.links = links;
		this.operations = operations;
		this.drain = drain;
		this.contextPath = servletContext.getContextPath().isEmpty() ? "/" : servletContext.getContextPath();
	}

	@Override
	public void afterPropertiesSet() {
		String name = "org.sessionlink:type=Links,context=" + ObjectName.quote(this.contextPath);
		try {
			ObjectName objectName = new ObjectName(name);
			server().registerMBean(new Named(new Shown()), objectName);
			this.registered = objectName;
		}
		catch (JMException | RuntimeException ex) {
			logger.warn(
					"The application at {} is not in JMX, which has refused {}: "
							+ "look whether another version of it runs at the same path. All else works.",
					this.contextPath, name);
			logger.debug("JMX has refused {}", name, ex);
		}
	}

	@Override
	public void destroy() {
		if (this.registered == null) {
			return;
		}
		try {
			server().unregisterMBean(this.registered);
		}
		catch (JMException | RuntimeException ex) {
			logger.debug("The application at {} was in JMX no more", this.contextPath, ex);
		}
	}

	private static MBeanServer server() {
		return ManagementFactory.getPlatformMBeanServer();
	}

	// A class of ours could not be read at the other end of a remote connection.
	private static <T> T told(Supplier<T> operation) {
		try {
			return operation.get();
		}
		catch (TargetException ex) {
			throw new IllegalArgumentException(ex.getMessage());
		}
	}

	/** What JMX sees: no bean, for an application may export all that look like one. */
	private final class Shown implements LinksMXBean {

		@Override
		public int getLinks() {
			return LinksJmx.this.links.open().size();
		}

		@Override
		public int getSockets() {
			return LinksJmx.this.links.socketCount();
		}

		@Override
		public int getAddresses() {
			return LinksJmx.this.links.addresses();
		}

		@Override
		public Map<String, Long> getRefusals() {
			Map<String, Long> byCode = new TreeMap<>();
			LinksJmx.this.links.refusals().forEach((reason, count) -> byCode.put(reason.code(), count));
			return byCode;
		}

		@Override
		public boolean isDraining() {
			return LinksJmx.this.links.isLeaving();
		}

		@Override
		public int drain(String reason) {
			return LinksJmx.this.drain.begin(WHO, reason).sockets();
		}

		@Override
		public int undrain(String reason) {
			return LinksJmx.this.drain.cancel(WHO, reason).sockets();
		}

		@Override
		public String endSocket(String socket, String reason) {
			return told(() -> LinksJmx.this.operations.endSocket(socket, WHO, reason).sockets().get(0));
		}

		@Override
		public List<String> endLink(String link, String reason) {
			return told(() -> LinksJmx.this.operations.endLink(link, WHO, reason).sockets());
		}

		@Override
		public List<String> endUser(String user, String reason) {
			return told(() -> LinksJmx.this.operations.endUser(user, WHO, reason).links());
		}

		@Override
		public int endAll(String reason) {
			return LinksJmx.this.operations.endAll(WHO, reason);
		}

		@Override
		public String revoke(String socket, String subscription, String reason) {
			return told(() -> LinksJmx.this.operations.revoke(socket, subscription, WHO, reason).destination());
		}

	}

	/** Calls parameters by their names, where JMX would call them p0 and p1. */
	private static final class Named extends StandardMBean {

		Named(LinksMXBean links) {
			super(links, LinksMXBean.class, true);
		}

		@Override
		protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo parameter, int position) {
			return Arrays.stream(LinksMXBean.class.getMethods())
				.filter((method) -> method.getName().equals(operation.getName()))
				.map((method) -> method.getParameters()[position].getName())
				.findAny()
				.orElseGet(parameter::getName);
		}

	}

}
