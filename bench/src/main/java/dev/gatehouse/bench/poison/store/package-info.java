/** How records are damaged where they are stored. */
@NullMarked
package dev.gatehouse.bench.poison.store;

import org.jspecify.annotations.NullMarked;
