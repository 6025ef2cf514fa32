/** API keys: their making, rotation and end. */
@NullMarked
package dev.gatehouse.directory.key;

import org.jspecify.annotations.NullMarked;
