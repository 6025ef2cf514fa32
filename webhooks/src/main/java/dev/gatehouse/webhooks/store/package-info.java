/** Where endpoints, deliveries and attempts are kept. */
@NullMarked
package dev.gatehouse.webhooks.store;

import org.jspecify.annotations.NullMarked;
