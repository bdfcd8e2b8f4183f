/**
 * Somebody else's application, with SessionLink in it: one annotation on their own
 * configuration.
 */
package org.sessionlink.journey.shop;
