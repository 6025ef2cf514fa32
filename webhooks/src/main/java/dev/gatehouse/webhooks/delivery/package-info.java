/** Attempts, their schedule, the breaker, and whose turn it is. */
@NullMarked
package dev.gatehouse.webhooks.delivery;

import org.jspecify.annotations.NullMarked;
