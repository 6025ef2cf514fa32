/** The SQL of the ledger's measurements: other ways to write the same rows, and a generated month. */
@NullMarked
package dev.gatehouse.bench.metering.store;

import org.jspecify.annotations.NullMarked;
