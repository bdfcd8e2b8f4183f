package org.sessionlink.journey.benchapp.plain;

import java.io.IOException;

import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;

/** Sends text back, with nothing between it and the container. */
@ServerEndpoint("/raw")
public class RawEcho {

	/** Sends a text back. */
	@OnMessage
	public void echo(String text, Session session) throws IOException {
		session.getBasicRemote().sendText(text);
	}

}
