package dev.gatehouse.directory;

/** What a member may do in the portal. */
public enum MemberRole {
    /** Everything, the team and the end of the account included. */
    OWNER,
    /** Keys, webhooks, usage. */
    DEVELOPER,
    /** Plan, invoices, budget. */
    BILLING,
    /** Looks, changes nothing. */
    READ_ONLY
}
