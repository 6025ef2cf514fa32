/** From a CSV file to listings, by a declarative mapping. */
@NullMarked
package dev.gatehouse.listings.load;

import org.jspecify.annotations.NullMarked;
