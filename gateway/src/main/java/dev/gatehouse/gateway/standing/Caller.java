package dev.gatehouse.gateway.standing;

import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import org.jspecify.annotations.Nullable;

/** A known key and its tenant. */
public final class Caller {
    private final KeyEntry key;
    private final AddressRanges addresses;
    private final TenantHolder tenant;
    private volatile @Nullable Standing standing;

    public Caller(KeyEntry key, TenantHolder tenant) {
        this.key = key;
        this.tenant = tenant;
        addresses = AddressRanges.parse(key.allowedAddresses());
    }

    public KeyEntry key() {
        return key;
    }

    public TenantHolder tenant() {
        return tenant;
    }

    public AddressRanges addresses() {
        return addresses;
    }

    /** What holds for the caller now; the same object until something about it changes. */
    @SuppressWarnings("ReferenceEquality") // an entry is never changed, only replaced by another object
    public Standing standing(long nowMillis) {
        TenantEntry entry = tenant.entry();
        Standing last = standing;
        if (last != null && last.tenant() == entry && nowMillis < last.untilMillis()) {
            return last;
        }
        Standing fresh = Standing.of(key, entry, tenant.balance(), tenant.places(), nowMillis);
        standing = fresh;
        return fresh;
    }
}
