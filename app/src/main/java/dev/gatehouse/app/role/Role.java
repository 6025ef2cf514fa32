package dev.gatehouse.app.role;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What one process of an installation can be. A process that is told nothing is all of them. */
public enum Role {
    /** Tenants, keys, plans, routes and the admin API. */
    DIRECTORY,
    /** The data plane. */
    GATEWAY,
    /** The ledger's writer and the usage API. */
    METERING,
    /** The one feed of domain events. */
    EVENTS,
    /** The listings service. */
    LISTINGS,
    /** What happened to each home, and the price index. */
    HISTORY,
    /** Market figures, signals about homes, and saved alerts. */
    SIGNALS,
    /** What is known of a home, and what it is worth. */
    ENRICHMENT,
    /** Deliveries to tenants' endpoints. */
    WEBHOOKS,
    /** Rating and invoices. */
    BILLING,
    /** The developer portal. */
    PORTAL,
    /** The mailbox page that shows every mail sent: for trials. */
    MAIL;

    /** The name in settings, status and paths. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@code gateway,directory}; empty text means every role.
     *
     * @throws IllegalArgumentException when a name is no role; the message lists those there are
     */
    public static Set<Role> parse(String list) {
        if (list.isBlank()) {
            return EnumSet.allOf(Role.class);
        }
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : list.split(",")) {
            roles.add(of(name.strip()));
        }
        return roles;
    }

    private static Role of(String name) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no role \"" + name + "\". Roles are: "
                        + Arrays.stream(values()).map(Role::text).collect(Collectors.joining(", ")) + "."));
    }
}
