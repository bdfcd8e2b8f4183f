package org.sessionlink.handshake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.Principal;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.OpenSockets;
import org.sessionlink.link.Refused;
import org.sessionlink.store.SessionLinks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.StringUtils;
import org.springframework.web.socket.sockjs.transport.TransportType;

/**
 * What a request has to pass before a SockJS service of Spring's. The id in its path is
 * the client's choice: it leads to an open socket only under the HTTP session of that
 * (B12), whoever has logged in there meanwhile; and its body is not read without end
 * (B27).
 */
public final class SockJsRequests implements MethodInterceptor {

	/** What a page has to say at once is sent as one, and quotes take room. */
	private static final int FRAMES = 16;

	private static final Logger logger = LoggerFactory.getLogger(SockJsRequests.class);

	/** It becomes part of destinations, where other characters make patterns. */
	private static final Pattern ID = Pattern.compile("[\\w~:@=+-]{1," + OpenSockets.LONGEST_ID + "}");

	private static final Refusal NO_ID = new Refusal(HttpStatus.BAD_REQUEST, "The id of a SockJS session has up to "
			+ OpenSockets.LONGEST_ID + " characters: letters, digits, and -_~:@=+.");

	private static final Refusal FOREIGN = new Refusal(HttpStatus.NOT_FOUND,
			"There is no such SockJS session under this HTTP session: connect again.");

	private static final Refusal BUSY = new Refusal(HttpStatus.CONFLICT,
			"Another request for messages of this SockJS session is being answered: send one at a time.");

	private final Links links;

	private final SessionLinks sessionLinks;

	private final Supplier<? extends OpenSockets> sockets;

	private final IntSupplier messageSize;

	/**
	 * Makes it for an application.
	 * @param messageSize the most bytes of a frame
	 */
	public SockJsRequests(Links links, SessionLinks sessionLinks, Supplier<? extends OpenSockets> sockets,
			IntSupplier messageSize) {
		this.links = links;
		this.sessionLinks = sessionLinks;
		this.sockets = sockets;
		this.messageSize = messageSize;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation call) throws Throwable {
		Object[] arguments = call.getArguments();
		if (arguments.length < 4 || !(arguments[0] instanceof ServletServerHttpRequest request)) {
			return call.proceed();
		}
		this.sessionLinks.carriesFrames(request.getServletRequest());
		try {
			return pass(call, request);
		}
		catch (IOException ex) {
			logger.debug("A client has gone in the middle of its request", ex);
			return null;
		}
	}

	private @Nullable Object pass(MethodInvocation call, ServletServerHttpRequest request) throws Throwable {
		Object[] arguments = call.getArguments();
		String[] path = StringUtils.tokenizeToStringArray((String) arguments[2], "/");
		TransportType transport = (path.length == 3) ? TransportType.fromValue(path[2]) : null;
		if (transport == null || transport.getHttpMethod() != request.getMethod()) {
			return call.proceed();
		}
		ServerHttpResponse response = (ServerHttpResponse) arguments[1];
		if (!ID.matcher(path[1]).matches()) {
			return refuse(response, Refused.NOT_AN_UPGRADE, NO_ID);
		}
		LinkedSocket socket = this.sockets.get().find(path[1]);
		if (isForeign(transport, socket, request)) {
			return refuse(response, Refused.FOREIGN_SESSION, FOREIGN);
		}
		if (socket == null) {
			return call.proceed();
		}
		return (transport == TransportType.XHR_SEND) ? take(call, request, response, socket)
				: answer(call, request, response, socket);
	}

	// A goodbye shows nobody's data, and whom it is for may have another session by now.
	private boolean isForeign(TransportType transport, @Nullable LinkedSocket socket,
			ServletServerHttpRequest request) {
		if (socket == null) {
			return transport == TransportType.XHR_SEND;
		}
		return transport == TransportType.WEBSOCKET || (!socket.isOver()
				&& !this.sessionLinks.isUnder(request.getServletRequest(), socket.socketLink().link()));
	}

	private @Nullable Object take(MethodInvocation call, ServletServerHttpRequest request, ServerHttpResponse response,
			LinkedSocket socket) throws Throwable {
		int most = (int) Math.min((long) FRAMES * this.messageSize.getAsInt(), Integer.MAX_VALUE - 1);
		byte[] body = (request.getHeaders().getContentLength() > most) ? null : request.getBody().readNBytes(most + 1);
		if (body == null || body.length > most) {
			return refuse(response, Refused.FRAME_TOO_LARGE,
					new Refusal(HttpStatus.CONTENT_TOO_LARGE, "Send at most " + most + " bytes at once."));
		}
		call.getArguments()[0] = new OfSocket(request, socket.openedBy(), body);
		return call.proceed();
	}

	private @Nullable Object answer(MethodInvocation call, ServletServerHttpRequest request,
			ServerHttpResponse response, LinkedSocket socket) throws Exception {
		call.getArguments()[0] = new OfSocket(request, socket.openedBy(), null);
		boolean answered = socket.answer(() -> {
			try {
				call.proceed();
			}
			catch (Exception | Error ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		});
		return answered ? null : refuse(response, Refused.UNEXPECTED, BUSY);
	}

	private @Nullable Object refuse(ServerHttpResponse response, Refused reason, Refusal refusal) throws IOException {
		this.links.refused(reason);
		logger.info("A request over SockJS is refused with {}: {}", refusal.status().value(), reason.code());
		refusal.writeTo(response);
		return null;
	}

	/**
	 * A request of an open socket. Spring lets it be the user's alone who has opened
	 * that, where a login leaves a socket open.
	 */
	private static final class OfSocket extends ServletServerHttpRequest {

		private final @Nullable Principal opener;

		private final byte @Nullable [] body;

		OfSocket(ServletServerHttpRequest request, @Nullable Principal opener, byte @Nullable [] body) {
			super(request.getServletRequest());
			this.opener = opener;
			this.body = body;
		}

		@Override
		public @Nullable Principal getPrincipal() {
			return this.opener;
		}

		@Override
		public InputStream getBody() throws IOException {
			return (this.body != null) ? new ByteArrayInputStream(this.body) : super.getBody();
		}

	}

}
