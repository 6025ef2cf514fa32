package dev.gatehouse.directory.store;

import dev.gatehouse.directory.Member;
import dev.gatehouse.directory.MemberRole;
import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of members. */
public final class MemberRows {
    private final Handle handle;

    MemberRows(Handle handle) {
        this.handle = handle;
    }

    public List<Member> of(TenantId tenant) {
        return handle.createQuery("SELECT * FROM member WHERE tenant_id = :tenant ORDER BY member_id")
                .bind("tenant", tenant.value())
                .map((row, context) -> member(row))
                .list();
    }

    public Optional<Member> find(TenantId tenant, MemberId id) {
        return handle.createQuery("SELECT * FROM member WHERE tenant_id = :tenant AND member_id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map((row, context) -> member(row))
                .findOne();
    }

    /** @param mail lower case */
    public Optional<Member> findByMail(String mail) {
        return handle.createQuery("SELECT * FROM member WHERE mail = :mail")
                .bind("mail", mail)
                .map((row, context) -> member(row))
                .findOne();
    }

    public void insert(Member member) {
        handle.createUpdate("""
                        INSERT INTO member (member_id, tenant_id, mail, name, role, password_hash, verified_at, created_at)
                        VALUES (:id, :tenant, :mail, :name, :role, :password, :verified, :created)
                        """)
                .bind("id", member.id().value())
                .bind("tenant", member.tenant().value())
                .bind("mail", member.mail())
                .bind("name", member.name())
                .bind("role", member.role().name())
                .bind("password", member.passwordHash())
                .bind("verified", Columns.utc(member.verifiedAt()))
                .bind("created", Columns.utc(member.createdAt()))
                .execute();
    }

    public void update(Member member) {
        handle.createUpdate("""
                        UPDATE member SET name = :name, role = :role, password_hash = :password, verified_at = :verified
                        WHERE member_id = :id AND tenant_id = :tenant
                        """)
                .bind("id", member.id().value())
                .bind("tenant", member.tenant().value())
                .bind("name", member.name())
                .bind("role", member.role().name())
                .bind("password", member.passwordHash())
                .bind("verified", Columns.utc(member.verifiedAt()))
                .execute();
    }

    public void delete(TenantId tenant, MemberId id) {
        handle.createUpdate("DELETE FROM member WHERE tenant_id = :tenant AND member_id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .execute();
    }

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                new MemberId(row.getString("member_id")),
                new TenantId(row.getString("tenant_id")),
                row.getString("mail"),
                row.getString("name"),
                MemberRole.valueOf(row.getString("role")),
                row.getString("password_hash"),
                Columns.maybeInstant(row, "verified_at"),
                Columns.instant(row, "created_at"));
    }
}
