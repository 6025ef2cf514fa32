package dev.gatehouse.portal.page;

import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.AuditEntry;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.sql.Database;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what a member did, with who, when and where from. */
public record AuditTrail(TeamStore teams, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    /**
     * Notes something that was done. When the database goes away in between, the entry goes into the process's log: the
     * change stands, and what it made, such as a key that is shown once, must still reach who asked for it.
     *
     * @param action as in {@code webhook.create}
     */
    public void note(Visit visit, String action, String subject) {
        AuditEntry entry = new AuditEntry(
                clock.instant(),
                visit.person().mail(),
                action,
                subject,
                visit.request().remoteAddress());
        try {
            teams.note(visit.home().id(), entry);
        } catch (RuntimeException e) {
            if (!Database.isAway(e) && !Database.isBusy(e)) {
                throw e;
            }
            LOG.error(
                    "The audit log of {} lacks {}: the database is away",
                    visit.home().id(),
                    entry);
        }
    }
}
