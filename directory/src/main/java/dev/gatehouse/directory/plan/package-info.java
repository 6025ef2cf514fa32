/** The plans file. */
@NullMarked
package dev.gatehouse.directory.plan;

import org.jspecify.annotations.NullMarked;
