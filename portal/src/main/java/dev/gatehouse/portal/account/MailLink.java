package dev.gatehouse.portal.account;

import dev.gatehouse.kernel.id.MemberId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A link that was sent by mail. It works once.
 *
 * @param password hash of the password that the sign-up chose, taken when the link is used: whoever signed up earlier with
 *     somebody else's address has no part in the account; null to leave it as it is
 * @param binding SHA-256 of the cookie of the browser that asked for it
 */
@SuppressWarnings("ArrayRecordComponent")
public record MailLink(
        MemberId person,
        Purpose purpose,
        @Nullable String password,
        byte[] binding,
        Instant expiresAt,
        @Nullable Instant usedAt) {
    /** What it is for. */
    public enum Purpose {
        VERIFY,
        RESET;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean worksAt(Instant now) {
        return usedAt == null && now.isBefore(expiresAt);
    }
}
