/** The fixed data that test-mode keys see. */
@NullMarked
package dev.gatehouse.kernel.sandbox;

import org.jspecify.annotations.NullMarked;
