package dev.gatehouse.gateway.standing;

import dev.gatehouse.gateway.admit.Balance;
import dev.gatehouse.kernel.directory.TenantEntry;

/** A tenant's place in memory: its newest entry, and its balance, which outlives the entry. */
public final class TenantHolder {
    private volatile TenantEntry entry;
    private final Balance balance = new Balance();

    public TenantHolder(TenantEntry entry) {
        this.entry = entry;
    }

    public TenantEntry entry() {
        return entry;
    }

    public Balance balance() {
        return balance;
    }

    /** Takes a newer entry; an older one, from a lookup that was overtaken, changes nothing. */
    public void renew(TenantEntry newer) {
        if (newer.version() >= entry.version()) {
            entry = newer;
        }
    }
}
