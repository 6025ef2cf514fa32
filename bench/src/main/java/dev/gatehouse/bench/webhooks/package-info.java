/** Webhooks under load: no loss through crashes, throughput, latency, and fairness between tenants. */
@NullMarked
package dev.gatehouse.bench.webhooks;

import org.jspecify.annotations.NullMarked;
