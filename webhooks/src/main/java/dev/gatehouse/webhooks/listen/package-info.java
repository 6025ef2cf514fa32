/** A receiver for trials. */
@NullMarked
package dev.gatehouse.webhooks.listen;

import org.jspecify.annotations.NullMarked;
