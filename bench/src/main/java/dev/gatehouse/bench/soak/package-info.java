/** Mixed traffic for a long time, with failures in turn. */
@NullMarked
package dev.gatehouse.bench.soak;

import org.jspecify.annotations.NullMarked;
