/** A quiet tenant beside each kind of hostile one. */
@NullMarked
package dev.gatehouse.bench.isolation;

import org.jspecify.annotations.NullMarked;
