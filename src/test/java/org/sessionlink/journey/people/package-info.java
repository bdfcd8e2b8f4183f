/** Accounts of several people, to be deployed with the application of the build. */
@org.jspecify.annotations.NullMarked
package org.sessionlink.journey.people;
