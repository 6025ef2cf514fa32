/** An installation of its own for a measurement, and the load that it gets; all of it on the loopback interface. */
@NullMarked
package dev.gatehouse.bench.sandbox;

import org.jspecify.annotations.NullMarked;
