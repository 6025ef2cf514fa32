/** From events to the entries of a timeline. */
@NullMarked
package dev.gatehouse.history.timeline;

import org.jspecify.annotations.NullMarked;
