/**
 * The application that the benchmarks measure, the same on plain Spring and on
 * SessionLink: all of it but one annotation.
 */
package org.sessionlink.journey.benchapp;
