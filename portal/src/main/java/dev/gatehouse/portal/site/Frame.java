package dev.gatehouse.portal.site;

import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.account.Session;
import dev.gatehouse.portal.team.Role;
import org.jspecify.annotations.Nullable;

/**
 * What the page around a page needs.
 *
 * @param title of the page
 * @param section the entry of the rail that is current, as in {@code keys}
 * @param role the reader's; null when they belong nowhere
 * @param assets a mark of the assets' content, so that they can be cached for ever
 */
public record Frame(
        String title,
        String section,
        String formToken,
        @Nullable Session session,
        @Nullable Organisation organisation,
        @Nullable Role role,
        String assets) {
    /** Whether the reader may change keys and webhooks. */
    public boolean mayChangeKeys() {
        return role != null && role.mayChangeKeys();
    }

    public boolean mayChangePlan() {
        return role != null && role.mayChangePlan();
    }

    public boolean mayChangeTeam() {
        return role != null && role.mayChangeTeam();
    }
}
