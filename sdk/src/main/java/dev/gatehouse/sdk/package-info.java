/** The Java client of a Gatehouse API: start at {@link dev.gatehouse.sdk.Gatehouse}. */
@NullMarked
package dev.gatehouse.sdk;

import org.jspecify.annotations.NullMarked;
