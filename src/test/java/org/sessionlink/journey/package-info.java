/**
 * Whole journeys on real servlet containers, from an HTTP GET to the last close frame.
 *
 * <p>
 * {@link org.sessionlink.journey.Container} starts one as a process of its own,
 * {@link org.sessionlink.journey.OnEveryContainer} runs a test class on each of them,
 * {@link org.sessionlink.journey.War} is what is deployed,
 * {@link org.sessionlink.journey.Visitor} is who comes.
 */
package org.sessionlink.journey;
