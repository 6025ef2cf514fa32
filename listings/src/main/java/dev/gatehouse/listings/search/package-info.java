/** What a caller searches for: filters, order and place in the order. */
@NullMarked
package dev.gatehouse.listings.search;

import org.jspecify.annotations.NullMarked;
