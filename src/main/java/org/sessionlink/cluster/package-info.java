/**
 * More than one node: HTTP sessions in Redis through Spring Session, one record for each
 * link, and the ends that nodes tell each other. Nothing else knows of Redis.
 */
@NullMarked
package org.sessionlink.cluster;

import org.jspecify.annotations.NullMarked;
