package dev.gatehouse.kernel.directory;

import java.util.Set;

/** Whose service a route leads to, which decides how the service is told who calls. */
public enum RouteKind {
    /** A process of the installation, under one of {@link #BUILT_IN_SERVICES}. */
    BUILT_IN,
    /** An operator's own, which is trusted with its own callers and nothing else. */
    OWN;

    /** The services that come with the installation and believe its {@code IdentitySeal}. */
    public static final Set<String> BUILT_IN_SERVICES =
            Set.of("listings", "history", "signals", "enrichment", "webhooks", "events", "usage", "billing");
}
