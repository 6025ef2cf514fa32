/** How fast the ledger is written and read, and what metering costs a gateway. */
@NullMarked
package dev.gatehouse.bench.metering;

import org.jspecify.annotations.NullMarked;
