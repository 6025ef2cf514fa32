/** Mutated requests by the million. */
@NullMarked
package dev.gatehouse.bench.fuzz;

import org.jspecify.annotations.NullMarked;
