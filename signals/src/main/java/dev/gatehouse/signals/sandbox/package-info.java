/** The fixed data that test keys see. */
@NullMarked
package dev.gatehouse.signals.sandbox;

import org.jspecify.annotations.NullMarked;
