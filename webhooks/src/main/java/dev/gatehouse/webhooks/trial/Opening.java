package dev.gatehouse.webhooks.trial;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;

/**
 * One tenant's deliveries may go to one port of this machine.
 *
 * @param port on 127.0.0.1
 * @param until when that ends by itself
 */
public record Opening(TenantId tenant, int port, Instant until) {}
