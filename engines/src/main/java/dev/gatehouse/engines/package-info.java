/** Real PostgreSQL, Redis and SQS on this machine, unpacked from libraries, for one installation or for tests. */
@NullMarked
package dev.gatehouse.engines;

import org.jspecify.annotations.NullMarked;
