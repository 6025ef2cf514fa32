/** Market figures of areas. */
@NullMarked
package dev.gatehouse.sdk.market;

import org.jspecify.annotations.NullMarked;
