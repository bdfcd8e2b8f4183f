package org.sessionlink.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import static org.awaitility.Awaitility.await;

/**
 * HAProxy in front of a container: TLS and HTTP/2 to the client, plain HTTP/1.1 or HTTP/2
 * behind, with a certificate made for the occasion.
 */
final class TlsProxy implements AutoCloseable {

	private static final char[] PASSWORD = "changeit".toCharArray();

	private static final String HTTP1_BEHIND = """
			defaults
			    mode http
			    timeout connect 10s
			    timeout client 60s
			    timeout server 60s
			    timeout tunnel 60s
			    option forwardfor
			frontend tls
			    bind 127.0.0.1:%d ssl crt %s alpn h2,http/1.1
			    http-request set-header X-Forwarded-Proto https
			    http-request set-header X-Forwarded-Host %%[req.hdr(host)]
			    default_backend container
			backend container
			    server one %s
			""";

	private static final String HTTP2_BEHIND = """
			defaults
			    mode tcp
			    timeout connect 10s
			    timeout client 60s
			    timeout server 60s
			frontend tls
			    bind 127.0.0.1:%d ssl crt %s alpn h2
			    default_backend container
			backend container
			    server one %s
			""";

	private final int port = Container.freePort();

	private final KeyStore keys;

	private final Process process;

	/** Starts it; close it. */
	TlsProxy(Container behind) {
		this(HTTP1_BEHIND, behind.url("", ""));
	}

	/** Starts one that takes TLS off and passes on HTTP/2, and nothing else; close it. */
	static TlsProxy passingOnHttp2(JettyContainer behind) {
		return new TlsProxy(HTTP2_BEHIND, behind.http2Url("", ""));
	}

	private TlsProxy(String configuration, URI behind) {
		try {
			Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "journey")), "haproxy-");
			this.keys = certificate(folder.resolve("keys.p12"));
			Path pem = Files.writeString(folder.resolve("proxy.pem"), pem());
			Path file = Files.writeString(folder.resolve("haproxy.cfg"),
					configuration.formatted(this.port, pem.toAbsolutePath(), behind.getAuthority()));
			this.process = new ProcessBuilder("haproxy", "-db", "-f", file.toString()).redirectErrorStream(true)
				.redirectOutput(folder.resolve("console.log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		await("HAProxy").atMost(Duration.ofSeconds(30))
			.failFast("HAProxy stopped", () -> !this.process.isAlive())
			.until(this::isReachable);
	}

	/** Returns a browser of one person who comes through the proxy. */
	Visitor visitor(String context) {
		return new Visitor((path) -> URI.create(origin() + "/" + context + path),
				HttpClient.newBuilder().sslContext(trusting()));
	}

	/** Returns the origin of pages that come through the proxy. */
	String origin() {
		return "https://localhost:" + this.port;
	}

	private static KeyStore certificate(Path file) throws IOException, GeneralSecurityException {
		Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
		Process process = new ProcessBuilder(keytool.toString(), "-genkeypair", "-alias", "proxy", "-keyalg", "EC",
				"-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "2", "-storetype",
				"PKCS12", "-keystore", file.toString(), "-storepass", new String(PASSWORD))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		try {
			process.waitFor(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			keys.load(in, PASSWORD);
		}
		return keys;
	}

	private String pem() throws GeneralSecurityException {
		return block("PRIVATE KEY", this.keys.getKey("proxy", PASSWORD).getEncoded())
				+ block("CERTIFICATE", this.keys.getCertificate("proxy").getEncoded());
	}

	private static String block(String type, byte[] bytes) {
		String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
		return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
	}

	private SSLContext trusting() {
		try {
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("proxy", this.keys.getCertificate("proxy"));
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trusted);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trust.getTrustManagers(), null);
			return context;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private boolean isReachable() {
		try (java.net.Socket socket = new java.net.Socket()) {
			socket.connect(new InetSocketAddress("127.0.0.1", this.port), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		List<ProcessHandle> children = this.process.descendants().toList();
		this.process.destroyForcibly();
		children.forEach(ProcessHandle::destroyForcibly);
	}

}
