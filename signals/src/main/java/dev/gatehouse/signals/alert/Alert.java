package dev.gatehouse.signals.alert;

import dev.gatehouse.kernel.signal.AlertFilter;
import java.time.Instant;

/**
 * A filter that a tenant saved.
 *
 * @param id {@code alr_…}
 */
public record Alert(String id, String name, AlertFilter filter, Instant createdAt) {}
