/** Filters that are saved so that a webhook endpoint receives what they want. */
@NullMarked
package dev.gatehouse.sdk.alert;

import org.jspecify.annotations.NullMarked;
