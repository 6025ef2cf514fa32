package dev.gatehouse.kernel.directory;

/** Paths of the directory's internal interface; each call carries the process token. */
public final class DirectoryPaths {
    /**
     * {@code GET ?after=VERSION}: 200 with a {@link DirectorySnapshot} of what changed since, 204 when nothing did.
     */
    public static final String CHANGES = "/internal/directory/changes";

    /** {@code GET /{sha256 hex}}: 200 with a {@link KeyLookup}, 404 when there is no such key. */
    public static final String KEYS = "/internal/directory/keys";

    /** {@code PUT /{name}} with a {@link RouteDeclaration}: how a service makes itself known. */
    public static final String ROUTES = "/internal/directory/routes";

    /** {@code GET /{tenant id}}: 200 with a {@link TenantLookup}; any other status says nothing about the tenant. */
    public static final String TENANTS = "/internal/directory/tenants";

    /**
     * {@code POST} with an {@link dev.gatehouse.kernel.aside.AsideReport}: 200 with
     * {@link dev.gatehouse.kernel.aside.AsideDecisions}.
     */
    public static final String SET_ASIDE = "/internal/directory/set-aside";

    private DirectoryPaths() {}
}
