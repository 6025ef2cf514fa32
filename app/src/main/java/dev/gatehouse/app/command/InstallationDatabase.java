package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.app.engine.Engines;
import dev.gatehouse.app.installation.Installation;
import dev.gatehouse.app.installation.Reachable;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL of an installation on this machine, for commands that work on it beside the running process. */
final class InstallationDatabase {
    private static final String SETTING = "GATEHOUSE_DATABASE_URL";

    private InstallationDatabase() {}

    /** @throws CommandFailure when nothing runs on the folder, or the address of its PostgreSQL is not known here */
    static DatabaseUrl of(@Nullable Path given) {
        String named = System.getenv(SETTING);
        if (named != null && !named.isBlank()) {
            return DatabaseUrl.parse(named);
        }
        Path folder = DataFolder.of(given);
        Reachable found = Installation.reach(folder)
                .orElseThrow(() -> new CommandFailure(
                        Exit.NOT_RUNNING,
                        "No gatehouse runs on " + folder + ". Start it with: gatehouse up, name another with --data,"
                                + " or set " + SETTING + "."));
        JsonNode postgres = new AdminClient(URI.create(found.running().adminUrl()), found.token())
                .get("/status")
                .at("/engines/postgres");
        if (!postgres.path("embedded").asBoolean()) {
            throw new CommandFailure(
                    Exit.NOT_RUNNING,
                    "The installation on " + folder + " works on a PostgreSQL of yours. Set " + SETTING
                            + " here as it is set there, and run this again.");
        }
        return DatabaseUrl.parse(
                Engines.embeddedPostgres(folder, postgres.path("url").asText()));
    }
}
