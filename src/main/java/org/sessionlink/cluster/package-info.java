/**
 * More than one node: HTTP sessions in Redis through Spring Session, one record for each
 * link, and what nodes tell each other: ends, and who is there. Nothing else knows of
 * Redis.
 */
@NullMarked
package org.sessionlink.cluster;

import org.jspecify.annotations.NullMarked;
