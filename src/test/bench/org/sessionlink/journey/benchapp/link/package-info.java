/** The application on SessionLink. */
package org.sessionlink.journey.benchapp.link;
