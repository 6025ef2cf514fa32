package dev.gatehouse.portal.site;

import dev.gatehouse.portal.team.Role;

/** Who may ask for a page. */
public enum Access {
    /** Anyone. */
    PUBLIC,
    /** Someone signed in, in an organisation or not yet. */
    PERSON,
    /** A member, in whatever role. */
    MEMBER,
    /** A member who may change keys and webhooks. */
    DEVELOPER,
    /** A member who may change plan, budget and cap. */
    BILLING,
    /** An owner. */
    OWNER;

    /** Whether a member of this role may go there. */
    public boolean allows(Role role) {
        return switch (this) {
            case PUBLIC, PERSON, MEMBER -> true;
            case DEVELOPER -> role.mayChangeKeys();
            case BILLING -> role.mayChangePlan();
            case OWNER -> role.mayChangeTeam();
        };
    }
}
