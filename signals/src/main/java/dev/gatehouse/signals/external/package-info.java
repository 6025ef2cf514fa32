/** Market series that others publish, beside our own figures. */
@NullMarked
package dev.gatehouse.signals.external;

import org.jspecify.annotations.NullMarked;
