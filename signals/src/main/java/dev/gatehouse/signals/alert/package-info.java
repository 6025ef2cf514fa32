/** Filters that tenants save, so that a webhook endpoint can receive what they want. */
@NullMarked
package dev.gatehouse.signals.alert;

import org.jspecify.annotations.NullMarked;
