package dev.gatehouse.app.role;

import dev.gatehouse.app.installation.Demo;
import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.DirectoryModule;
import dev.gatehouse.directory.DirectorySettings;
import dev.gatehouse.directory.IssuedKey;
import dev.gatehouse.directory.NewKey;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.http.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Puts the directory together. */
public final class DirectoryRole {
    private static final int POOL = 8;
    private static final Actor START = Actor.process("up").because("the tenant for a first look");

    private DirectoryRole() {}

    /**
     * Opens the directory's data for the roles of this process that need it.
     *
     * @param ownerToken with which the installation's owner administers it
     */
    public static DirectoryModule open(Platform platform, String ownerToken) throws SQLException {
        Path plans = platform.settings().text("gatehouse.plans").map(Path::of).orElse(null);
        try {
            return DirectoryModule.open(
                    new DirectorySettings(
                            platform.ports().privateHost(),
                            platform.ports().admin(),
                            platform.settings().integer("gatehouse.directory.port", 0),
                            plans,
                            ownerToken,
                            POOL,
                            OwnNames.ofPrivate(platform)),
                    platform.database().get(),
                    platform.redis().get(),
                    platform.clock());
        } catch (IllegalArgumentException e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Serves the admin API and the internal interface.
     *
     * @param read what else operators may read from the admin API, by path
     * @param parts operations that other modules of this process add to it
     */
    public static RunningRole start(
            Platform platform, DirectoryModule module, Map<String, Endpoint> read, List<AdminPart> parts)
            throws IOException {
        module.serve(platform.vertx(), platform.secrets(), read, parts);
        return new RunningRole(Role.DIRECTORY, module.internalUri().toString(), () -> true, () -> {});
    }

    /** Makes the tenant for a first look, with a key. */
    public static Demo makeDemo(Directory directory) {
        Tenant tenant = directory
                .findTenant("demo")
                .orElseGet(() -> directory
                        .createTenant(new NewTenant("Demo", "growth", "demo"), START)
                        .orThrow());
        IssuedKey key = directory
                .createKey(tenant.id(), NewKey.of("first look", KeyMode.LIVE), START)
                .orThrow();
        return new Demo(tenant.id().value(), tenant.slug(), key.text());
    }
}
