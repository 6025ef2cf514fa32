/** The roles of the one binary, and how each is put together. */
@NullMarked
package dev.gatehouse.app.role;

import org.jspecify.annotations.NullMarked;
