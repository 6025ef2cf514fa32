/** The repeat-sales price index. */
@NullMarked
package dev.gatehouse.history.index;

import org.jspecify.annotations.NullMarked;
