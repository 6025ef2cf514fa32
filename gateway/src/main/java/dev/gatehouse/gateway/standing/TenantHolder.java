package dev.gatehouse.gateway.standing;

import dev.gatehouse.gateway.admit.Balance;
import dev.gatehouse.gateway.turn.TenantPlaces;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import java.util.Map;
import java.util.Set;

/** A tenant in memory: its newest entry, and its balance and places, which outlive the entry. */
public final class TenantHolder {
    private volatile TenantEntry entry;
    private volatile State state;
    private final Balance balance = new Balance();
    private final TenantPlaces places = new TenantPlaces();

    private enum State {
        SERVED,
        /** The newest entry cannot be used, and what was known before does not count. */
        SET_ASIDE,
        /** No entry was ever usable: what is here stands in for it. */
        STUB
    }

    public TenantHolder(TenantEntry entry) {
        this(entry, State.SERVED);
    }

    private TenantHolder(TenantEntry entry, State state) {
        this.entry = entry;
        this.state = state;
    }

    /** A tenant of which nothing is known but that it has keys; none of them is served. */
    public static TenantHolder stub(TenantId id) {
        return new TenantHolder(
                new TenantEntry(
                        id,
                        "unknown",
                        "",
                        TenantStatus.SUSPENDED,
                        "unknown",
                        new Limits(1, 1, 1),
                        null,
                        1,
                        1,
                        0,
                        Map.of(),
                        Set.of(),
                        false,
                        -1),
                State.STUB);
    }

    public TenantEntry entry() {
        return entry;
    }

    /** Whether the tenant is refused, as its newest entry cannot be used. */
    public boolean isSetAside() {
        return state != State.SERVED;
    }

    /** Whether there was never an entry that can be used. */
    public boolean isStub() {
        return state == State.STUB;
    }

    /** The newest entry cannot be used. */
    public void setAside() {
        if (state == State.SERVED) {
            state = State.SET_ASIDE;
        }
    }

    public Balance balance() {
        return balance;
    }

    public TenantPlaces places() {
        return places;
    }

    /**
     * Takes a newer entry; an older one, from a lookup that was overtaken, changes nothing.
     *
     * @return whether it was taken
     */
    public boolean renew(TenantEntry newer) {
        if (newer.version() < entry.version()) {
            return false;
        }
        entry = newer;
        state = State.SERVED;
        return true;
    }
}
