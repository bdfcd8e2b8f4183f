/**
 * More than one node: HTTP sessions in Redis through Spring Session, one record for each
 * link, and what nodes tell each other: ends, who is there, and the messages that are
 * kept for all of them. Nothing else knows of Redis.
 */
@NullMarked
package org.sessionlink.cluster;

import org.jspecify.annotations.NullMarked;
