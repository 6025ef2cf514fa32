/** What a declared route is made of, and the one way in which each part of it is read. */
@NullMarked
package dev.gatehouse.kernel.route;

import org.jspecify.annotations.NullMarked;
