package dev.gatehouse.directory.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.directory.IssuedKey;
import dev.gatehouse.directory.Key;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param key its text, in the answer to its making only */
public record KeyView(
        KeyId id,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String key,
        TenantId tenant,
        String name,
        String prefix,
        String mode,
        List<String> scopes,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        List<String> allowedAddresses,
        @Nullable Integer quotaPercent,
        Instant createdAt,
        long version) {

    public static KeyView of(Key key) {
        return of(key, null);
    }

    public static KeyView of(IssuedKey issued) {
        return of(issued.key(), issued.text());
    }

    private static KeyView of(Key key, @Nullable String text) {
        KeyEntry entry = key.entry();
        return new KeyView(
                entry.id(),
                text,
                entry.tenant(),
                key.name(),
                entry.prefix(),
                entry.mode().text(),
                entry.scopes().stream().sorted().toList(),
                entry.expiresAt(),
                entry.revokedAt(),
                entry.allowedAddresses(),
                entry.quotaPercent(),
                key.createdAt(),
                entry.version());
    }

    @Override
    public String toString() {
        return "KeyView[" + id + "]";
    }
}
