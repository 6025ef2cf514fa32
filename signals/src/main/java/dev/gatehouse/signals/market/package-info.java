/** What happened to a home on the market, and what it adds to the figures of its areas: arithmetic without input or output. */
@NullMarked
package dev.gatehouse.signals.market;

import org.jspecify.annotations.NullMarked;
