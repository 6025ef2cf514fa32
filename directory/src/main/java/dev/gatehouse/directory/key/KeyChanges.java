package dev.gatehouse.directory.key;

import dev.gatehouse.directory.IssuedKey;
import dev.gatehouse.directory.Key;
import dev.gatehouse.directory.NewKey;
import dev.gatehouse.directory.change.Names;
import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.view.KeyView;
import dev.gatehouse.kernel.address.AddressRange;
import dev.gatehouse.kernel.directory.EntryRules;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.ApiKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Changes of keys. What is refused is thrown as a problem. */
public final class KeyChanges {
    private static final int MOST_KEYS = 1_000;
    private static final int LONGEST_NAME = 100;

    private final Writing writing;

    public KeyChanges(Writing writing) {
        this.writing = writing;
    }

    /** @param tenant exists */
    public IssuedKey create(TenantId tenant, NewKey wanted) {
        validate(wanted);
        requireRoom(tenant);
        IssuedKey issued = issue(tenant, wanted);
        writing.note("createKey", issued.key().entry().id().value(), tenant, null, KeyView.of(issued.key()));
        return issued;
    }

    private void validate(NewKey wanted) {
        if (wanted.scopes().isEmpty() || wanted.scopes().size() > EntryRules.MOST_SCOPES) {
            throw Refusals.refused("scopes", "must name 1 to 100 services, or \"*\" for all");
        }
        for (String scope : wanted.scopes()) {
            if (!scope.equals("*") && !EntryRules.isScope(scope)) {
                throw Refusals.refused("scopes", "must be names of services, or \"*\" for all");
            }
        }
        Instant expires = wanted.expiresAt();
        if (expires != null && !expires.isAfter(writing.now())) {
            throw Refusals.refused("expiresAt", "is past: give an instant to come, or none");
        }
        if (wanted.allowedAddresses().size() > EntryRules.MOST_ADDRESSES) {
            throw Refusals.refused("allowedAddresses", "must be at most 100");
        }
        wanted.allowedAddresses().forEach(KeyChanges::address);
        Integer percent = wanted.quotaPercent();
        if (percent != null && (percent < 1 || percent > 100)) {
            throw Refusals.refused("quotaPercent", "must be 1 to 100");
        }
    }

    /** The normal form, by the parser by which gateways apply it. */
    private static String address(String text) {
        try {
            return AddressRange.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw Refusals.refused(
                    "allowedAddresses",
                    "must be addresses or ranges, as in 203.0.113.7 or 2001:db8::/32: " + e.getMessage());
        }
    }

    private void requireRoom(TenantId tenant) {
        if (writing.session().keys().count(tenant) >= MOST_KEYS) {
            throw Refusals.refused("tenant", "has " + MOST_KEYS + " keys, revoked ones included, which is the most");
        }
    }

    private IssuedKey issue(TenantId tenant, NewKey wanted) {
        String text = ApiKey.generate(wanted.mode());
        KeyEntry entry = new KeyEntry(
                KeyId.next(writing::now),
                tenant,
                ApiKey.hashHex(text),
                ApiKey.displayPrefix(text),
                wanted.mode(),
                wanted.scopes(),
                wanted.expiresAt(),
                null,
                wanted.allowedAddresses().stream().map(KeyChanges::address).toList(),
                wanted.quotaPercent(),
                writing.session().nextVersion());
        EntryRules.require(entry);
        Key key = new Key(entry, Names.require("name", wanted.name(), LONGEST_NAME), writing.now());
        writing.session().keys().insert(key);
        return new IssuedKey(key, text);
    }

    public Key revoke(Key key) {
        if (key.entry().revokedAt() != null) {
            return key;
        }
        return end("revokeKey", key, key.entry().expiresAt(), writing.now());
    }

    /** @param overlap how long both keys work; zero revokes the old one at once */
    public IssuedKey rotate(Key key, Duration overlap) {
        KeyEntry old = key.entry();
        Instant expires = old.expiresAt();
        if (old.revokedAt() != null || (expires != null && !writing.now().isBefore(expires))) {
            throw Refusals.refused("key", "no longer works: make a new one instead");
        }
        if (overlap.isNegative() || overlap.compareTo(Duration.ofDays(90)) > 0) {
            throw Refusals.refused("overlapSeconds", "must be 0 to 90 days");
        }
        requireRoom(old.tenant());
        IssuedKey issued = issue(
                old.tenant(),
                new NewKey(key.name(), old.mode(), old.scopes(), expires, old.allowedAddresses(), old.quotaPercent()));
        if (overlap.isZero()) {
            end("revokeKey", key, expires, writing.now());
        } else {
            Instant last = writing.now().plus(overlap);
            end("expireKey", key, expires != null && expires.isBefore(last) ? expires : last, null);
        }
        writing.note(
                "rotateKey",
                issued.key().entry().id().value(),
                old.tenant(),
                KeyView.of(key),
                KeyView.of(issued.key()));
        return issued;
    }

    private Key end(String operation, Key key, @Nullable Instant expiresAt, @Nullable Instant revokedAt) {
        KeyEntry old = key.entry();
        KeyEntry ended = new KeyEntry(
                old.id(),
                old.tenant(),
                old.hash(),
                old.prefix(),
                old.mode(),
                old.scopes(),
                expiresAt,
                revokedAt,
                old.allowedAddresses(),
                old.quotaPercent(),
                writing.session().nextVersion());
        writing.session().keys().updateEnd(ended);
        Key after = new Key(ended, key.name(), key.createdAt());
        writing.note(operation, old.id().value(), old.tenant(), KeyView.of(key), KeyView.of(after));
        return after;
    }
}
