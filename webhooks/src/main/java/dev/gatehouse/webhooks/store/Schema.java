package dev.gatehouse.webhooks.store;

/** The schema's migrations. */
public final class Schema {
    /** Where Flyway finds them. */
    public static final String MIGRATIONS = "classpath:dev/gatehouse/webhooks/store/migration";

    /** The schema's name, and the service that its events name. */
    public static final String SERVICE = "webhooks";

    private Schema() {}
}
