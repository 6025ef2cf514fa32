package dev.gatehouse.directory.admin;

import dev.gatehouse.directory.change.Names;
import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.key.ApiKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Changes of operator tokens. */
final class OperatorTokenChanges {
    private static final SecureRandom CHANCE = new SecureRandom();
    private static final String SCHEME = "gate_op_";
    private static final int SHOWN = SCHEME.length() + 6;
    private static final int LONGEST_NAME = 100;

    /** @param text the only copy there is */
    record Issued(OperatorToken token, String text) {
        @Override
        public String toString() {
            return "Issued[" + token.id() + "]";
        }
    }

    private final Writing writing;

    OperatorTokenChanges(Writing writing) {
        this.writing = writing;
    }

    Issued create(String name, OperatorRole role, @Nullable Instant expiresAt) {
        if (expiresAt != null && !expiresAt.isAfter(writing.now())) {
            throw Refusals.refused("expiresAt", "is past: give an instant to come, or none");
        }
        byte[] random = new byte[32];
        CHANCE.nextBytes(random);
        String text = SCHEME + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        OperatorToken token = new OperatorToken(
                PrefixedId.next("otk", writing::now),
                Names.require("name", name, LONGEST_NAME),
                role,
                text.substring(0, SHOWN),
                writing.now(),
                expiresAt,
                null);
        writing.session().operators().insert(token, ApiKey.hashHex(text));
        writing.note("createOperatorToken", token.id(), null, null, OperatorTokenView.of(token));
        return new Issued(token, text);
    }

    OperatorToken revoke(String id) {
        OperatorToken token =
                writing.session().operators().find(id).orElseThrow(() -> Refusals.notFound("operator token", id));
        if (token.revokedAt() != null) {
            return token;
        }
        writing.session().operators().revoke(id, writing.now());
        OperatorToken revoked = new OperatorToken(
                id, token.name(), token.role(), token.prefix(), token.createdAt(), token.expiresAt(), writing.now());
        writing.note("revokeOperatorToken", id, null, OperatorTokenView.of(token), OperatorTokenView.of(revoked));
        return revoked;
    }
}
