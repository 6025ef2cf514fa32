/** The public operations. */
@NullMarked
package dev.gatehouse.webhooks.api;

import org.jspecify.annotations.NullMarked;
