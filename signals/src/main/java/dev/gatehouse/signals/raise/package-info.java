/** When a signal about a home is raised, how severe it is, and on what evidence. */
@NullMarked
package dev.gatehouse.signals.raise;

import org.jspecify.annotations.NullMarked;
