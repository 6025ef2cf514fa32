/** What gateways serve from, over the internal interface. */
@NullMarked
package dev.gatehouse.directory.snapshot;

import org.jspecify.annotations.NullMarked;
