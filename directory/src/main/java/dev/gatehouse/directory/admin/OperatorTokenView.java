package dev.gatehouse.directory.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** @param token its text, in the answer to its making only */
record OperatorTokenView(
        String id,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String token,
        String name,
        String role,
        String prefix,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {

    static OperatorTokenView of(OperatorToken token) {
        return of(token, null);
    }

    static OperatorTokenView of(OperatorTokenChanges.Issued issued) {
        return of(issued.token(), issued.text());
    }

    private static OperatorTokenView of(OperatorToken token, @Nullable String text) {
        return new OperatorTokenView(
                token.id(),
                text,
                token.name(),
                token.role().text(),
                token.prefix(),
                token.createdAt(),
                token.expiresAt(),
                token.revokedAt());
    }

    @Override
    public String toString() {
        return "OperatorTokenView[" + id + "]";
    }
}
