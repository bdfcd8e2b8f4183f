package org.sessionlink.handshake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import jakarta.servlet.FilterChain;
import jakarta.servlet.GenericFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;
import org.sessionlink.store.LastSeen;

import org.springframework.util.StringUtils;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * Believes what trusted proxies say of a request (scheme, host, port and the client's
 * address), and hides what anyone else says (B25).
 */
public final class ForwardedHeaders extends GenericFilter {

	private static final long serialVersionUID = 1L;

	private static final String FOR = "X-Forwarded-For";

	private final transient List<Network> trusted;

	private final transient ForwardedHeaderFilter believing = new ForwardedHeaderFilter(false);

	private final transient ForwardedHeaderFilter hiding = new ForwardedHeaderFilter(false);

	public ForwardedHeaders(List<TrustedProxy> trusted) {
		this.trusted = trusted.stream().map(TrustedProxy::network).toList();
		this.hiding.setRemoveOnly(true);
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (isTrusted(request.getRemoteAddr())) {
			HttpServletRequest ofProxy = (HttpServletRequest) request;
			this.believing.doFilter(new ForOneClient(ofProxy), response, (client, answer) -> {
				LastSeen.comesFrom(ofProxy, client.getRemoteAddr());
				chain.doFilter(client, answer);
			});
		}
		else {
			this.hiding.doFilter(request, response, chain);
		}
	}

	private boolean isTrusted(String address) {
		return this.trusted.stream().anyMatch((proxy) -> proxy.contains(address));
	}

	/**
	 * Returns the client's address: each proxy adds to the end whom it was asked by, so
	 * it is the last that is no proxy of ours; what stands before it may be anyone's
	 * invention. Null where there is none.
	 */
	private @Nullable String client(Enumeration<String> headers) {
		List<String> addresses = new ArrayList<>();
		for (String header : Collections.list(headers)) {
			addresses.addAll(List.of(StringUtils.tokenizeToStringArray(header, ",")));
		}
		String client = null;
		for (int i = addresses.size() - 1; i >= 0; i--) {
			try {
				String address = withoutPort(addresses.get(i));
				if (!isTrusted(address)) {
					return address;
				}
				client = address;
			}
			catch (IllegalArgumentException ex) {
				// No address: what is behind it is all that is known.
				return client;
			}
		}
		return client;
	}

	private static String withoutPort(String address) {
		if (address.startsWith("[")) {
			return StringUtils.delete(address.substring(0, Math.max(1, address.indexOf(']'))), "[");
		}
		int colon = address.indexOf(':');
		return (colon >= 0 && colon == address.lastIndexOf(':')) ? address.substring(0, colon) : address;
	}

	// Spring would take the first address for the client's.
	private final class ForOneClient extends HttpServletRequestWrapper {

		private final @Nullable String client;

		ForOneClient(HttpServletRequest request) {
			super(request);
			this.client = client(request.getHeaders(FOR));
		}

		@Override
		public @Nullable String getHeader(String name) {
			return FOR.equalsIgnoreCase(name) ? this.client : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			if (!FOR.equalsIgnoreCase(name)) {
				return super.getHeaders(name);
			}
			return (this.client != null) ? Collections.enumeration(List.of(this.client))
					: Collections.emptyEnumeration();
		}

	}

}
