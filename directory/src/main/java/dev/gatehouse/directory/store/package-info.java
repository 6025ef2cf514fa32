/** The directory's tables. */
@NullMarked
package dev.gatehouse.directory.store;

import org.jspecify.annotations.NullMarked;
