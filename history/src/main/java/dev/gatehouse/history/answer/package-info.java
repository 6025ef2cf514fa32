/** Answers in v2 and in the older shape. */
@NullMarked
package dev.gatehouse.history.answer;

import org.jspecify.annotations.NullMarked;
