package dev.gatehouse.directory.view;

import dev.gatehouse.directory.Member;
import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** @param hasPassword the hash itself is shown to nobody */
public record MemberView(
        MemberId id,
        TenantId tenant,
        String mail,
        String name,
        String role,
        boolean hasPassword,
        @Nullable Instant verifiedAt,
        Instant createdAt) {

    public static MemberView of(Member member) {
        return new MemberView(
                member.id(),
                member.tenant(),
                member.mail(),
                member.name(),
                member.role().name().toLowerCase(Locale.ROOT),
                member.passwordHash() != null,
                member.verifiedAt(),
                member.createdAt());
    }
}
