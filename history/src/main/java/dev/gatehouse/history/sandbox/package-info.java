/** What test-mode keys are answered. */
@NullMarked
package dev.gatehouse.history.sandbox;

import org.jspecify.annotations.NullMarked;
