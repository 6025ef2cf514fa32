package dev.gatehouse.directory;

import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person in a tenant.
 *
 * @param mail lower case, unique in the installation
 * @param passwordHash as the portal made it; null until a password is set
 * @param verifiedAt when the mail address was proven; null until then
 */
public record Member(
        MemberId id,
        TenantId tenant,
        String mail,
        String name,
        MemberRole role,
        @Nullable String passwordHash,
        @Nullable Instant verifiedAt,
        Instant createdAt) {

    @Override
    public String toString() {
        return "Member[" + id + " of " + tenant + ", " + role + "]";
    }
}
