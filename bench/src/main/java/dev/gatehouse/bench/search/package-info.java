/** {@code bench search}: each documented filter of the listings search at a million homes. */
@NullMarked
package dev.gatehouse.bench.search;

import org.jspecify.annotations.NullMarked;
