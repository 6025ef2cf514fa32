package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.id.TenantId;

/** Tells an endpoint's owner of what it should know. */
@FunctionalInterface
public interface OwnerNotice {
    /**
     * An endpoint was disabled because nothing could be delivered to it.
     *
     * @param reason a sentence
     */
    void disabled(TenantId tenant, String endpoint, String url, String reason);
}
