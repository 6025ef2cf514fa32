package dev.gatehouse.directory.admin;

import java.util.Locale;

/** What an operator may do; the admin API's description names the roles of each operation. */
public enum OperatorRole {
    VIEWER,
    SUPPORT,
    BILLING,
    ADMIN;

    /** The name in JSON and in the description. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none of this name */
    public static OperatorRole of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
