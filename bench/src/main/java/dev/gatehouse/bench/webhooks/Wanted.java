package dev.gatehouse.bench.webhooks;

import dev.gatehouse.bench.webhooks.store.Producer;
import dev.gatehouse.kernel.id.TenantId;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * An endpoint of a bench.
 *
 * @param path of the receiver
 * @param asks what the API is asked for besides the URL, JSON members behind a comma
 * @param wants which events are to reach it
 * @param status what the receiver answers, by how many requests came before
 */
record Wanted(TenantId tenant, String path, String asks, Predicate<Producer.Row> wants, IntUnaryOperator status) {}
