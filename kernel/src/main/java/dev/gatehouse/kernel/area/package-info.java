/** Parts of the country by name. */
@NullMarked
package dev.gatehouse.kernel.area;

import org.jspecify.annotations.NullMarked;
