/** What the refusal of a mistyped name needs. */
@NullMarked
package dev.gatehouse.kernel.text;

import org.jspecify.annotations.NullMarked;
