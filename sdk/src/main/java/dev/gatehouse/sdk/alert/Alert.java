package dev.gatehouse.sdk.alert;

import java.time.Instant;

/** A saved alert: name its id in a webhook endpoint's filter. */
public record Alert(String id, String name, AlertFilter filter, Instant createdAt) {}
