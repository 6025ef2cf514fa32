package dev.gatehouse.portal.team;

import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps who belongs where, who is invited, and what they did. */
public interface TeamStore {
    /** The organisations of a person, the oldest membership first. */
    List<Member> memberships(MemberId person);

    List<Member> members(TenantId tenant);

    void add(TenantId tenant, MemberId person, Role role, Instant since);

    /** @return false when the person is no member, or the last owner, who stays one */
    boolean changeRole(TenantId tenant, MemberId person, Role role);

    /** @return false when the person is no member, or the last owner, who stays */
    boolean remove(TenantId tenant, MemberId person);

    void invite(byte[] hash, Invitation invitation);

    List<Invitation> invitations(TenantId tenant, Instant now);

    Optional<Invitation> invitation(byte[] hash, Instant now);

    /** Open invitations of every organisation to a mail address. */
    List<Invitation> invitationsTo(String mail, Instant now);

    boolean withdraw(TenantId tenant, String invitation);

    /**
     * Uses up an open invitation, adds whom it was for, and writes it into the audit log. All of it or nothing.
     *
     * @return false when it is not open any more
     */
    boolean join(Invitation invitation, MemberId person, AuditEntry entry);

    /** Makes one member the owner and the other a developer, both or neither. */
    void handOver(TenantId tenant, MemberId from, MemberId to);

    /** Removes all members and open invitations. The audit log stays. */
    void dissolve(TenantId tenant);

    /** Takes a mail address out of every audit log and invitation. */
    void forget(String mail);

    /** What somebody did, in every organisation, the newest first. */
    List<AuditEntry> actionsOf(String mail, int limit);

    void note(TenantId tenant, AuditEntry entry);

    /** The newest first. */
    List<AuditEntry> audit(TenantId tenant, int limit);
}
