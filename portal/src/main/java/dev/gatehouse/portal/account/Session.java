package dev.gatehouse.portal.account;

import dev.gatehouse.kernel.id.MemberId;
import java.time.Instant;

/**
 * A browser in which someone is signed in.
 *
 * @param id {@code ses_…}: names it on the page of devices, opens nothing
 * @param rotatedAt when it last got another token
 * @param agent what the browser calls itself
 */
public record Session(
        String id,
        MemberId person,
        String mail,
        Instant createdAt,
        Instant seenAt,
        Instant rotatedAt,
        Instant expiresAt,
        String address,
        String agent) {}
