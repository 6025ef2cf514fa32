package dev.gatehouse.portal.page;

import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.AuditEntry;
import dev.gatehouse.portal.team.TeamStore;
import java.time.InstantSource;

/** Writes down what a member did, with who, when and where from. */
public record AuditTrail(TeamStore teams, InstantSource clock) {
    /** @param action as in {@code webhook.create} */
    public void note(Visit visit, String action, String subject) {
        teams.note(
                visit.home().id(),
                new AuditEntry(
                        clock.instant(),
                        visit.person().mail(),
                        action,
                        subject,
                        visit.request().remoteAddress()));
    }
}
