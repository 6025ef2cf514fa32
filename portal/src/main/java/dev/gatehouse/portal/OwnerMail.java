package dev.gatehouse.portal;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.portal.store.PostgresTeamStore;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;

/**
 * Mail to those of an organisation who may change its keys and webhooks, for processes that show no pages but have something
 * to tell them.
 */
public final class OwnerMail implements AutoCloseable {
    private static final int CONNECTIONS = 2;

    private final Database database;
    private final TeamStore teams;
    private final MailPost post;

    private OwnerMail(Database database, MailPost post) {
        this.database = database;
        this.teams = new PostgresTeamStore(database);
        this.post = post;
    }

    /** Migrates the schema {@code portal} and opens it. */
    public static OwnerMail open(DatabaseUrl url, MailPost post) throws SQLException {
        return new OwnerMail(Database.open(url, "portal", PortalModule.MIGRATIONS, CONNECTIONS), post);
    }

    /**
     * Sends one mail to each of them; blocks meanwhile.
     *
     * @param subject one line
     * @param text plain text
     * @return how many
     */
    public int send(TenantId tenant, String subject, String text) {
        int sent = 0;
        for (Member member : teams.members(tenant)) {
            if (member.role().mayChangeKeys()) {
                post.send(member.mail(), subject, text);
                sent++;
            }
        }
        return sent;
    }

    @Override
    public void close() {
        database.close();
    }
}
