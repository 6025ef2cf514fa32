package dev.gatehouse.portal;

import dev.gatehouse.runtime.api.ApiDescription;

/**
 * A description of what the gateway fronts, for the reference.
 *
 * @param service that keys can be limited to
 */
public record PublishedApi(String service, ApiDescription description) {}
