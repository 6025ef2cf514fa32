/** Carries a request to a service and its answer back, both ways as a stream. */
@NullMarked
package dev.gatehouse.gateway.forward;

import org.jspecify.annotations.NullMarked;
