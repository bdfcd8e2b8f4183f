/** Somebody else's application, where many meet, and some misbehave. */
package org.sessionlink.journey.square;
