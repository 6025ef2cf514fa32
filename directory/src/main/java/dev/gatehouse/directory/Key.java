package dev.gatehouse.directory;

import dev.gatehouse.kernel.directory.KeyEntry;
import java.time.Instant;

/**
 * An API key without its text.
 *
 * @param entry as gateways know it
 * @param name what its tenant calls it
 */
public record Key(KeyEntry entry, String name, Instant createdAt) {}
