/** How good values of homes are, judged by sales that the model had not seen. */
@NullMarked
package dev.gatehouse.bench.valuation;

import org.jspecify.annotations.NullMarked;
