package org.sessionlink.store;

import java.io.IOException;
import java.io.InputStream;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.xml.StaxUtils;

import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Warns at the start of an application that is {@code <distributable/>} on WildFly: the
 * sessions that it then has end by their timeout, though a socket under them is used
 * (B39).
 */
final class DistributableSessions {

	private static final Logger logger = LoggerFactory.getLogger(DistributableSessions.class);

	private DistributableSessions() {
	}

	/**
	 * Returns whether a session is one of those. It cannot be used while it is brought
	 * back: a thread that tries waits for itself.
	 */
	static boolean isOne(HttpSession session) {
		return session.getClass().getName().startsWith("org.wildfly.clustering.");
	}

	static void lookAt(ServletContext servletContext) {
		if (servletContext.getServerInfo().startsWith("WildFly") && isDistributable(servletContext)) {
			logger.warn("web.xml says <distributable/>: WildFly then has sessions that cannot be told of the use of a "
					+ "socket, and ends them by their timeout unless requests come. Take <distributable/> out of it");
		}
	}

	private static boolean isDistributable(ServletContext servletContext) {
		try (InputStream file = servletContext.getResourceAsStream("/WEB-INF/web.xml")) {
			return file != null && isDistributable(StaxUtils.createDefensiveInputFactory().createXMLStreamReader(file));
		}
		catch (IOException | XMLStreamException ex) {
			logger.debug("web.xml cannot be read", ex);
			return false;
		}
	}

	private static boolean isDistributable(XMLStreamReader xml) throws XMLStreamException {
		while (xml.hasNext()) {
			if (xml.next() == XMLStreamReader.START_ELEMENT && xml.getLocalName().equals("distributable")) {
				return true;
			}
		}
		return false;
	}

}
