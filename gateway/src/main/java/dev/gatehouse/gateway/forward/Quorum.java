package dev.gatehouse.gateway.forward;

/** Whose failures it takes to close a part of a target, from the narrowest part to the whole. */
enum Quorum {
    /** One tenant's calls of one path. */
    TENANT_ON_PATH(1, 1),
    /** Everybody's calls of one path. */
    PATH(2, 1),
    /** All calls of one tenant. */
    TENANT(1, 2),
    /** Everybody's calls of one operation. */
    OPERATION(2, 2),
    /** All calls. */
    TARGET(2, 2);

    /** Tenants that have to see it fail. */
    final int tenants;

    /** Paths that have to fail; operations where it is about a whole target. */
    final int paths;

    Quorum(int tenants, int paths) {
        this.tenants = tenants;
        this.paths = paths;
    }

    /** What counts as a path here. */
    String pathOf(Attempt attempt) {
        return this == TARGET ? attempt.operation() : attempt.path();
    }

    /** Whether an answer to somebody is an answer of the part in which {@code failed} failed. */
    boolean covers(Attempt failed, Witnesses.Witness witness) {
        return switch (this) {
            case TENANT_ON_PATH ->
                witness.tenant().equals(failed.tenant()) && witness.path().equals(failed.path());
            case PATH -> witness.path().equals(failed.path());
            case TENANT -> witness.tenant().equals(failed.tenant());
            case OPERATION -> witness.operation().equals(failed.operation());
            case TARGET -> true;
        };
    }
}
