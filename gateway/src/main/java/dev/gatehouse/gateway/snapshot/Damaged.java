package dev.gatehouse.gateway.snapshot;

import dev.gatehouse.kernel.directory.EntryRules;
import dev.gatehouse.kernel.directory.UnusableEntry.Kind;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.aside.MemoryShelf;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.json.JsonPieces;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry that cannot be served by, and what can still be told of it.
 *
 * @param id as the entry says; null when that cannot be told
 * @param digest of a key; null when that cannot be told
 * @param reason in words
 * @param content the entry's JSON; null when it is not at hand
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Damaged(Kind kind, @Nullable String id, @Nullable Digest digest, String reason, byte @Nullable [] content) {
    private static final int LONGEST = 200;
    private static final int LONGEST_KEPT = 64 << 10;

    /** What its own text tells of an entry that cannot be read. */
    static Damaged of(Kind kind, byte[] content, String reason) {
        String id = JsonPieces.textOf(content, kind == Kind.ROUTE ? "name" : "id", LONGEST)
                .filter(text -> switch (kind) {
                    case TENANT -> PrefixedId.isWellFormed(TenantId.PREFIX, text);
                    case KEY -> PrefixedId.isWellFormed("key", text);
                    case ROUTE -> EntryRules.isName(text);
                })
                .orElse(null);
        Digest digest = kind != Kind.KEY
                ? null
                : JsonPieces.textOf(content, "hash", LONGEST)
                        .filter(EntryRules::isHash)
                        .map(Digest::ofHex)
                        .orElse(null);
        return new Damaged(kind, id, digest, reason, content);
    }

    /** Whether it can be told what is to be refused. */
    boolean isIdentified() {
        return id != null || digest != null;
    }

    /** Under what name it is set aside. */
    String record() {
        String name = id;
        if (name != null) {
            return name;
        }
        Digest hash = digest;
        String what = kind.name().toLowerCase(Locale.ROOT);
        if (hash != null) {
            return what + " " + hash.hex().substring(0, 16);
        }
        byte[] bytes = content;
        return "unnamed " + what + (bytes == null ? "" : " " + MemoryShelf.digest(bytes));
    }

    /** What is kept of it in the copy on disk: itself, or when it is long only its name, which no more can be read. */
    byte[] kept() {
        byte[] bytes = content;
        if (bytes != null && bytes.length <= LONGEST_KEPT) {
            return bytes;
        }
        Map<String, String> stub = new HashMap<>();
        if (id != null) {
            stub.put(kind == Kind.ROUTE ? "name" : "id", id);
        }
        if (digest != null) {
            stub.put("hash", digest.hex());
        }
        return Json.bytes(stub);
    }

    /** Why something cannot be used, in few words: the innermost cause says it. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        String said = message == null ? cause.getClass().getSimpleName() : message;
        // Jackson tells where in the text, over further lines
        int line = said.indexOf('\n');
        return line < 0 ? said : said.substring(0, line);
    }
}
