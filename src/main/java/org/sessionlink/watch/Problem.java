package org.sessionlink.watch;

/** What is wrong with a request: a code for programs and a sentence for people. */
record Problem(String error, String message) {

}
