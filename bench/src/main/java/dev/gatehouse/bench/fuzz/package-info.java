/** Mutated requests, and mutated answers of services, by the million. */
@NullMarked
package dev.gatehouse.bench.fuzz;

import org.jspecify.annotations.NullMarked;
