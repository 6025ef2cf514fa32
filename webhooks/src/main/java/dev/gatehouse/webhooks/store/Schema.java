package dev.gatehouse.webhooks.store;

/** The schema's migrations. */
public final class Schema {
    /** Where Flyway finds them. */
    public static final String MIGRATIONS = "classpath:dev/gatehouse/webhooks/store/migration";

    private Schema() {}
}
