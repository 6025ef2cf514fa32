package dev.gatehouse.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A member to be added.
 *
 * @param mail in any case; kept in lower case
 * @param passwordHash null until a password is set
 * @param verifiedAt null until the mail address is proven
 */
public record NewMember(
        String mail,
        String name,
        MemberRole role,
        @Nullable String passwordHash,
        @Nullable Instant verifiedAt) {

    @Override
    public String toString() {
        return "NewMember[" + role + "]";
    }
}
