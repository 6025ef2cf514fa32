/** What callers see of an engine or a service that fails, measured. */
@NullMarked
package dev.gatehouse.bench.drill;

import org.jspecify.annotations.NullMarked;
