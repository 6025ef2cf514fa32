/** The listings service: homes on the market and sold, their search, their import and their changes. */
@NullMarked
package dev.gatehouse.listings;

import org.jspecify.annotations.NullMarked;
