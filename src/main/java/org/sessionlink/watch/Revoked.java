package org.sessionlink.watch;

/**
 * A subscription that one call has revoked.
 *
 * @param socket the id of the socket
 * @param subscription the id that the client gave it
 * @param destination what it was a subscription to
 */
public record Revoked(String socket, String subscription, String destination) {

}
