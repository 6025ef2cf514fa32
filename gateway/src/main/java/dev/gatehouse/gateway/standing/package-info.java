/** A caller's standing right now, with all the texts that follow from it made once. */
@NullMarked
package dev.gatehouse.gateway.standing;

import org.jspecify.annotations.NullMarked;
