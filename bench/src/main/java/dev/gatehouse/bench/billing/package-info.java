/** How long it takes to rate and close a month. */
@NullMarked
package dev.gatehouse.bench.billing;

import org.jspecify.annotations.NullMarked;
