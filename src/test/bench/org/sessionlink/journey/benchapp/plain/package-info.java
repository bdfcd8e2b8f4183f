/** The application on plain Spring, and an echo without Spring. */
package org.sessionlink.journey.benchapp.plain;
