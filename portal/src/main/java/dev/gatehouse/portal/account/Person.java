package dev.gatehouse.portal.account;

import dev.gatehouse.kernel.id.MemberId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Someone with an account.
 *
 * @param mail in lower case
 * @param password the hash of it
 * @param verifiedAt when the mail address was shown to be theirs; null while it is not
 */
public record Person(
        MemberId id,
        String mail,
        String password,
        Instant createdAt,
        @Nullable Instant verifiedAt) {
    @Override
    public String toString() {
        return "Person[" + id + "]";
    }
}
