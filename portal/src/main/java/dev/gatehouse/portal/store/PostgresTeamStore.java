package dev.gatehouse.portal.store;

import static dev.gatehouse.portal.store.PostgresAccountStore.instant;
import static dev.gatehouse.portal.store.PostgresAccountStore.utc;

import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.portal.team.AuditEntry;
import dev.gatehouse.portal.team.Invitation;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.portal.team.Role;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

public final class PostgresTeamStore implements TeamStore {
    private final Database database;

    public PostgresTeamStore(Database database) {
        this.database = database;
    }

    @Override
    public List<Member> memberships(MemberId person) {
        // before it is known whose request this is, no tenant can be named
        return database.asSystem(sql -> sql.createQuery("""
                SELECT m.*, p.mail FROM member m JOIN person p ON p.id = m.person_id
                WHERE m.person_id = :person ORDER BY m.since LIMIT 100
                """)
                .bind("person", person.value())
                .map((row, context) -> member(row))
                .list());
    }

    @Override
    public List<Member> members(TenantId tenant) {
        return database.asTenant(
                tenant,
                sql -> sql.createQuery("""
                SELECT m.*, p.mail FROM member m JOIN person p ON p.id = m.person_id
                WHERE m.tenant_id = :tenant ORDER BY m.since LIMIT 1000
                """)
                        .bind("tenant", tenant.value())
                        .map((row, context) -> member(row))
                        .list());
    }

    @Override
    public void add(TenantId tenant, MemberId person, Role role, Instant since) {
        database.asTenant(tenant, sql -> add(sql, new Membership(tenant, person, role), since));
    }

    private record Membership(TenantId tenant, MemberId person, Role role) {}

    private static int add(Handle sql, Membership membership, Instant since) {
        return sql.createUpdate("""
                INSERT INTO member (tenant_id, person_id, role, since) VALUES (:tenant, :person, :role, :since)
                ON CONFLICT DO NOTHING
                """)
                .bind("tenant", membership.tenant().value())
                .bind("person", membership.person().value())
                .bind("role", membership.role().name())
                .bind("since", utc(since))
                .execute();
    }

    @Override
    public boolean changeRole(TenantId tenant, MemberId person, Role role) {
        return database.asTenant(
                tenant,
                sql -> (role == Role.OWNER || !isLastOwner(sql, tenant, person))
                        && sql.createUpdate("""
                UPDATE member SET role = :role WHERE tenant_id = :tenant AND person_id = :person
                """)
                                        .bind("tenant", tenant.value())
                                        .bind("person", person.value())
                                        .bind("role", role.name())
                                        .execute()
                                == 1);
    }

    @Override
    public boolean remove(TenantId tenant, MemberId person) {
        return database.asTenant(
                tenant,
                sql -> !isLastOwner(sql, tenant, person)
                        && sql.createUpdate("""
                DELETE FROM member WHERE tenant_id = :tenant AND person_id = :person
                """)
                                        .bind("tenant", tenant.value())
                                        .bind("person", person.value())
                                        .execute()
                                == 1);
    }

    /** Locks the owners: of two who go at the same time, the second is told that they are the last. */
    private static boolean isLastOwner(Handle sql, TenantId tenant, MemberId person) {
        List<String> owners = sql.createQuery("""
                SELECT person_id FROM member WHERE tenant_id = :tenant AND role = 'OWNER' ORDER BY person_id FOR UPDATE
                """)
                .bind("tenant", tenant.value())
                .mapTo(String.class)
                .list();
        return owners.equals(List.of(person.value()));
    }

    @Override
    public void invite(byte[] hash, Invitation invitation) {
        database.asTenant(
                invitation.tenant(),
                sql -> sql.createUpdate("""
                INSERT INTO invitation (hash, id, tenant_id, mail, role, invited_by, expires_at)
                VALUES (:hash, :id, :tenant, :mail, :role, :by, :expires)
                """)
                        .bind("hash", hash)
                        .bind("id", invitation.id())
                        .bind("tenant", invitation.tenant().value())
                        .bind("mail", invitation.mail())
                        .bind("role", invitation.role().name())
                        .bind("by", invitation.invitedBy())
                        .bind("expires", utc(invitation.expiresAt()))
                        .execute());
    }

    @Override
    public List<Invitation> invitations(TenantId tenant, Instant now) {
        return database.asTenant(
                tenant,
                sql -> sql.createQuery("""
                SELECT * FROM invitation WHERE tenant_id = :tenant AND used_at IS NULL AND expires_at > :now
                ORDER BY expires_at LIMIT 200
                """)
                        .bind("tenant", tenant.value())
                        .bind("now", utc(now))
                        .map((row, context) -> invitation(row))
                        .list());
    }

    @Override
    public Optional<Invitation> invitation(byte[] hash, Instant now) {
        return database.asSystem(sql -> sql.createQuery("""
                SELECT * FROM invitation WHERE hash = :hash AND used_at IS NULL AND expires_at > :now
                """)
                .bind("hash", hash)
                .bind("now", utc(now))
                .map((row, context) -> invitation(row))
                .findOne());
    }

    @Override
    public boolean withdraw(TenantId tenant, String invitation) {
        return database.asTenant(
                tenant,
                sql -> sql.createUpdate("""
                DELETE FROM invitation WHERE tenant_id = :tenant AND id = :id AND used_at IS NULL
                """)
                                .bind("tenant", tenant.value())
                                .bind("id", invitation)
                                .execute()
                        == 1);
    }

    @Override
    public List<Invitation> invitationsTo(String mail, Instant now) {
        return database.asSystem(sql -> sql.createQuery("""
                SELECT * FROM invitation WHERE mail = :mail AND used_at IS NULL AND expires_at > :now
                ORDER BY expires_at DESC LIMIT 50
                """)
                .bind("mail", mail)
                .bind("now", utc(now))
                .map((row, context) -> invitation(row))
                .list());
    }

    @Override
    public boolean join(Invitation invitation, MemberId person, AuditEntry entry) {
        return database.asTenant(invitation.tenant(), sql -> {
            boolean open = sql.createUpdate("""
                    UPDATE invitation SET used_at = :now
                    WHERE tenant_id = :tenant AND id = :id AND used_at IS NULL AND expires_at > :now
                    """)
                            .bind("tenant", invitation.tenant().value())
                            .bind("id", invitation.id())
                            .bind("now", utc(entry.at()))
                            .execute()
                    == 1;
            if (open) {
                add(sql, new Membership(invitation.tenant(), person, invitation.role()), entry.at());
                note(sql, invitation.tenant(), entry);
            }
            return open;
        });
    }

    @Override
    public void handOver(TenantId tenant, MemberId from, MemberId to) {
        database.asTenant(
                tenant,
                sql -> sql.createUpdate("""
                UPDATE member SET role = CASE WHEN person_id = :to THEN 'OWNER' ELSE 'DEVELOPER' END
                WHERE tenant_id = :tenant AND person_id IN (:from, :to)
                """)
                        .bind("tenant", tenant.value())
                        .bind("from", from.value())
                        .bind("to", to.value())
                        .execute());
    }

    @Override
    public void dissolve(TenantId tenant) {
        database.asTenant(tenant, sql -> {
            sql.createUpdate("DELETE FROM invitation WHERE tenant_id = :tenant")
                    .bind("tenant", tenant.value())
                    .execute();
            sql.createUpdate("DELETE FROM trial_key WHERE tenant_id = :tenant")
                    .bind("tenant", tenant.value())
                    .execute();
            return sql.createUpdate("DELETE FROM member WHERE tenant_id = :tenant")
                    .bind("tenant", tenant.value())
                    .execute();
        });
    }

    @Override
    public void forget(String mail) {
        database.asSystem(sql -> {
            sql.createUpdate("DELETE FROM invitation WHERE mail = :mail")
                    .bind("mail", mail)
                    .execute();
            return sql.createUpdate("""
                    UPDATE audit SET actor = CASE WHEN actor = :mail THEN 'a deleted account' ELSE actor END,
                                     subject = replace(subject, :mail, 'a deleted account')
                    WHERE actor = :mail OR position(:mail IN subject) > 0
                    """).bind("mail", mail).execute();
        });
    }

    @Override
    public List<AuditEntry> actionsOf(String mail, int limit) {
        return database.asSystem(sql -> sql.createQuery("""
                SELECT * FROM audit WHERE actor = :mail ORDER BY no DESC LIMIT :limit
                """)
                .bind("mail", mail)
                .bind("limit", limit)
                .map((row, context) -> entry(row))
                .list());
    }

    @Override
    public void note(TenantId tenant, AuditEntry entry) {
        database.asTenant(tenant, sql -> note(sql, tenant, entry));
    }

    private static int note(Handle sql, TenantId tenant, AuditEntry entry) {
        return sql.createUpdate("""
                INSERT INTO audit (tenant_id, at, actor, action, subject, address)
                VALUES (:tenant, :at, :actor, :action, :subject, :address)
                """)
                .bind("tenant", tenant.value())
                .bind("at", utc(entry.at()))
                .bind("actor", entry.actor())
                .bind("action", entry.action())
                .bind("subject", entry.subject())
                .bind("address", entry.address())
                .execute();
    }

    @Override
    public List<AuditEntry> audit(TenantId tenant, int limit) {
        return database.asTenant(
                tenant,
                sql -> sql.createQuery("""
                SELECT * FROM audit WHERE tenant_id = :tenant ORDER BY no DESC LIMIT :limit
                """)
                        .bind("tenant", tenant.value())
                        .bind("limit", limit)
                        .map((row, context) -> entry(row))
                        .list());
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                instant(row, "at"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("address"));
    }

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                new TenantId(row.getString("tenant_id")),
                new MemberId(row.getString("person_id")),
                row.getString("mail"),
                Role.valueOf(row.getString("role")),
                instant(row, "since"));
    }

    private static Invitation invitation(ResultSet row) throws SQLException {
        return new Invitation(
                row.getString("id"),
                new TenantId(row.getString("tenant_id")),
                row.getString("mail"),
                Role.valueOf(row.getString("role")),
                row.getString("invited_by"),
                instant(row, "expires_at"));
    }
}
