/** Keeps deliveries from reaching inside. */
@NullMarked
package dev.gatehouse.webhooks.guard;

import org.jspecify.annotations.NullMarked;
