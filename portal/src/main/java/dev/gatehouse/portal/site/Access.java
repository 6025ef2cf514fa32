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
    /** An owner. */
    OWNER;

    boolean allows(Role role) {
        return switch (this) {
            case PUBLIC, PERSON, MEMBER -> true;
            case DEVELOPER -> role.mayChangeKeys();
            case OWNER -> role.mayChangeTeam();
        };
    }
}
