package dev.gatehouse.portal.team;

/** What a member may do. */
public enum Role {
    /** Everything, the team included. */
    OWNER("Owner"),
    /** Keys and webhooks. */
    DEVELOPER("Developer"),
    /** Plan and invoices. */
    BILLING("Billing"),
    /** Looks, changes nothing. */
    READER("Read-only");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public boolean mayChangeKeys() {
        return this == OWNER || this == DEVELOPER;
    }

    public boolean mayChangePlan() {
        return this == OWNER || this == BILLING;
    }

    public boolean mayChangeTeam() {
        return this == OWNER;
    }
}
