/** Answers that were given before, never older than the last write. */
@NullMarked
package dev.gatehouse.listings.cache;

import org.jspecify.annotations.NullMarked;
