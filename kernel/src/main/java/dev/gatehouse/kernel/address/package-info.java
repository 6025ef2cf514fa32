/** Internet addresses and the hosts of URLs: one parser for each, and what an address is good for. */
@NullMarked
package dev.gatehouse.kernel.address;

import org.jspecify.annotations.NullMarked;
