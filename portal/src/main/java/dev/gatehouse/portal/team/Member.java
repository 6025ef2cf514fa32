package dev.gatehouse.portal.team;

import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;

/** A person in an organisation. */
public record Member(TenantId tenant, MemberId person, String mail, Role role, Instant since) {}
