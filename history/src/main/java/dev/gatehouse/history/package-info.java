/** What happened to each home. */
@NullMarked
package dev.gatehouse.history;

import org.jspecify.annotations.NullMarked;
