/** {@code bench portal}: the time to a first call, the pages' times and weights, and what browsing costs the gateway. */
@NullMarked
package dev.gatehouse.bench.portal;

import org.jspecify.annotations.NullMarked;
