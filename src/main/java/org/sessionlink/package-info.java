/**
 * SessionLink keeps an HTTP session and the WebSockets opened under it together for as
 * long as either lives: on the container's own sessions, in any WAR, with STOMP over
 * Spring's WebSocket support.
 *
 * <p>
 * <b>A message.</b> An HTTP session gets its link when it is created
 * ({@link org.sessionlink.store.SessionLinks}); the handshake puts the link into the
 * socket ({@link org.sessionlink.handshake.LinkedEndpoints}); each frame is checked
 * against it, and counted as activity ({@link org.sessionlink.inbound}), before a
 * controller of the application sees it, on the thread that reads it unless its method is
 * {@link org.sessionlink.handling.Blocking} ({@link org.sessionlink.handling}); the
 * broker ({@link org.sessionlink.broker.LinkedBroker}) encodes the answer once and hands
 * it to the gate of each subscriber's socket ({@link org.sessionlink.outbound}), behind
 * which what waits goes out as one ({@link org.sessionlink.wire}).
 *
 * <p>
 * <b>A link.</b> Requests and the container's session events reach
 * {@link org.sessionlink.store.SessionLinks}, frames reach the guard; both tell the
 * {@link org.sessionlink.link.Link}, whose own timer decides when it is over. Its end
 * shuts the gates, closes the sockets and invalidates the HTTP session
 * ({@link org.sessionlink.link.Home}). Each socket that has closed is told of once, with
 * what decided it ({@link org.sessionlink.link.SocketClosed}), and is a line of the
 * {@link org.sessionlink.watch.CloseLog}. Operators and the application's own code end
 * links by {@link org.sessionlink.watch.LinkOperations}, written down by the
 * {@link org.sessionlink.watch.AuditTrail}. What happens is counted
 * ({@link org.sessionlink.link.Counts}) and timed ({@link org.sessionlink.link.Timings}),
 * for the {@link org.sessionlink.watch.MetricsApi}.
 *
 * <p>
 * <b>The start.</b> {@link org.sessionlink.SessionLinkInitializer} reads the
 * {@link org.sessionlink.Settings} as the application starts, before any Spring context;
 * {@link org.sessionlink.EnableSessionLink} gives the rooms to the Spring context. For a
 * test of an application {@link org.sessionlink.TestStart} does so without a container,
 * and a {@link org.sessionlink.TestSocket} sends frames.
 *
 * <p>
 * <b>The end of a server.</b> It lets its clients go in batches
 * ({@link org.sessionlink.link.Drain}), says so to whoever asks after its health
 * ({@link org.sessionlink.watch.HealthApi}), and ends no link.
 *
 * <p>
 * The rooms and who may use whom are held by a test, {@code RoomsTest}: {@code link} uses
 * nothing of ours, {@code store}, {@code inbound} and {@code wire} use {@code link},
 * {@code handshake} and {@code watch} use both {@code link} and {@code store},
 * {@code handling} uses {@code link} and {@code inbound}, {@code outbound} uses
 * {@code link} and {@code wire}, {@code broker} uses these two and {@code outbound}; this
 * package ties them together, and {@code app}, the greeting application, is what another
 * application puts its own in place of.
 */
@NullMarked
package org.sessionlink;

import org.jspecify.annotations.NullMarked;
