/** The market simulator: homes that come on the market and move on it, as the instance's clock goes. */
@NullMarked
package dev.gatehouse.listings.simulator;

import org.jspecify.annotations.NullMarked;
