package org.sessionlink.link;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who is at a destination, as others there are told (B37): one for each link,
 * and for each user behind it.
 *
 * @param user the name, or null for an anonymous visitor
 * @param id sixteen hexadecimal digits that tell them from others at this destination,
 * the same on every server; of no use elsewhere
 */
public record Attendee(@Nullable String user, String id) {

	private static final String MAC = "HmacSHA256";

	private static final int BYTES = 8;

	/**
	 * Returns who is behind a link at a destination. Nothing of the id leads to the link,
	 * to another destination, or to who the same link belongs to before or after a login.
	 */
	static Attendee of(Link link, String destination, @Nullable String user) {
		try {
			Mac mac = Mac.getInstance(MAC);
			mac.init(new SecretKeySpec(link.key().getBytes(StandardCharsets.UTF_8), MAC));
			String place = destination + '\0' + ((user != null) ? '=' + user : "");
			byte[] digest = mac.doFinal(place.getBytes(StandardCharsets.UTF_8));
			return new Attendee(user, HexFormat.of().formatHex(digest, 0, BYTES));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + MAC, ex);
		}
	}

}
