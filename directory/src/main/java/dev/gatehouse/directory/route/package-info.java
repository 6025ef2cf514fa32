/** Routes: declarations held against their descriptions and compiled. */
@NullMarked
package dev.gatehouse.directory.route;

import org.jspecify.annotations.NullMarked;
