/** Webhooks: endpoints of tenants, and deliveries to them. */
@NullMarked
package dev.gatehouse.webhooks;

import org.jspecify.annotations.NullMarked;
