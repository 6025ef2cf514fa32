/** Homes on the market and sold. */
@NullMarked
package dev.gatehouse.sdk.listing;

import org.jspecify.annotations.NullMarked;
