package dev.gatehouse.webhooks;

/**
 * An event that endpoints can ask for.
 *
 * @param schema of {@code data}, JSON Schema 2020-12 as text
 * @param example of {@code data}, JSON as text
 */
public record EventType(String name, String description, String schema, String example) {}
