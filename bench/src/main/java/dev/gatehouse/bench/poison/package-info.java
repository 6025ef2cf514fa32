/** Records that nobody can use, on every feed, one at a time under load. */
@NullMarked
package dev.gatehouse.bench.poison;

import org.jspecify.annotations.NullMarked;
