/** Signals about single homes. */
@NullMarked
package dev.gatehouse.sdk.signal;

import org.jspecify.annotations.NullMarked;
