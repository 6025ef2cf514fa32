/** {@code bench import}: a file of ten million rows read in constant memory. */
@NullMarked
package dev.gatehouse.bench.load;

import org.jspecify.annotations.NullMarked;
