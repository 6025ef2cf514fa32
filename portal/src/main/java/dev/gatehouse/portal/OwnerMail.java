package dev.gatehouse.portal;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.portal.store.PostgresTeamStore;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.portal.team.Role;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Mail to those of an organisation whose matter it is, for processes that show no pages but have something to tell. Who
 * belongs to an organisation is known to the portal alone. The database is opened for each mail: they are rare.
 *
 * @param database asked when there is something to send
 */
public record OwnerMail(Supplier<DatabaseUrl> database, MailPost post) {

    /** To those who may change keys and webhooks. */
    public int aboutWebhooks(TenantId tenant, String subject, String text) throws SQLException {
        return send(tenant, Role::mayChangeKeys, subject, text);
    }

    /** To those who may change plan and budget. */
    public int aboutMoney(TenantId tenant, String subject, String text) throws SQLException {
        return send(tenant, Role::mayChangePlan, subject, text);
    }

    /** The addresses of those who may change plan and budget. */
    public List<String> addressesForMoney(TenantId tenant) throws SQLException {
        return members(tenant, Role::mayChangePlan).stream().map(Member::mail).toList();
    }

    private List<Member> members(TenantId tenant, Predicate<Role> concerned) throws SQLException {
        try (Database opened = Database.open(database.get(), "portal", PortalModule.MIGRATIONS, 1)) {
            return new PostgresTeamStore(opened)
                    .members(tenant).stream()
                            .filter(member -> concerned.test(member.role()))
                            .toList();
        }
    }

    /**
     * Sends one mail to each of them; blocks meanwhile.
     *
     * @param subject one line
     * @param text plain text
     * @return how many
     */
    private int send(TenantId tenant, Predicate<Role> concerned, String subject, String text) throws SQLException {
        List<Member> members = members(tenant, concerned);
        members.forEach(member -> post.send(member.mail(), subject, text));
        return members.size();
    }
}
