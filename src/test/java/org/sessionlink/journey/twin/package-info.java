/**
 * An application of broad taste, which is the same on plain Spring and on SessionLink.
 */
package org.sessionlink.journey.twin;
