/** The gateway beside other gateways: CPU time a request first, wall time second. */
@NullMarked
package dev.gatehouse.bench.gateway;

import org.jspecify.annotations.NullMarked;
