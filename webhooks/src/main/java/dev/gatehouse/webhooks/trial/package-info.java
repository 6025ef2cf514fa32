/** Receivers on this machine, opened by an operator to one tenant's deliveries for as long as somebody listens. */
@NullMarked
package dev.gatehouse.webhooks.trial;

import org.jspecify.annotations.NullMarked;
