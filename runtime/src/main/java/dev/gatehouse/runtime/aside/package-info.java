/** Where records go that cannot be used, in every process and for every feed alike. */
@NullMarked
package dev.gatehouse.runtime.aside;

import org.jspecify.annotations.NullMarked;
