package dev.gatehouse.gateway.standing;

import dev.gatehouse.gateway.admit.Balance;
import dev.gatehouse.gateway.turn.TenantPlaces;
import dev.gatehouse.kernel.directory.TenantEntry;

/** A tenant in memory: its newest entry, and its balance and places, which outlive the entry. */
public final class TenantHolder {
    private volatile TenantEntry entry;
    private final Balance balance = new Balance();
    private final TenantPlaces places = new TenantPlaces();

    public TenantHolder(TenantEntry entry) {
        this.entry = entry;
    }

    public TenantEntry entry() {
        return entry;
    }

    public Balance balance() {
        return balance;
    }

    public TenantPlaces places() {
        return places;
    }

    /** Takes a newer entry; an older one, from a lookup that was overtaken, changes nothing. */
    public void renew(TenantEntry newer) {
        if (newer.version() >= entry.version()) {
            entry = newer;
        }
    }
}
