/** What callers ask and are answered. */
@NullMarked
package dev.gatehouse.signals.answer;

import org.jspecify.annotations.NullMarked;
