/** The twin on plain Spring. */
package org.sessionlink.journey.twin.plain;
