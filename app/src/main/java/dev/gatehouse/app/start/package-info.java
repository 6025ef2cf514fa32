/** Bringing an installation up, and down again. */
@NullMarked
package dev.gatehouse.app.start;

import org.jspecify.annotations.NullMarked;
