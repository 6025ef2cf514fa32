/** How long a change takes to become a signal. */
@NullMarked
package dev.gatehouse.bench.signals;

import org.jspecify.annotations.NullMarked;
