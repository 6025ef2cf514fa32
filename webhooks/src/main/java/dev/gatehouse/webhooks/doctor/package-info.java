/** Looks at a receiver as a delivery would, and says in words what to fix. */
@NullMarked
package dev.gatehouse.webhooks.doctor;

import org.jspecify.annotations.NullMarked;
