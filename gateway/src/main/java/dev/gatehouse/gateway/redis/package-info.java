/** One Redis connection per event loop, used on that loop alone. */
@NullMarked
package dev.gatehouse.gateway.redis;

import org.jspecify.annotations.NullMarked;
