/** Records that a consumer cannot use: what is known of each, and what an operator decides about it. */
@NullMarked
package dev.gatehouse.kernel.aside;

import org.jspecify.annotations.NullMarked;
