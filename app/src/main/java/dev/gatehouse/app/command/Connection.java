package dev.gatehouse.app.command;

import dev.gatehouse.app.installation.Installation;
import dev.gatehouse.app.installation.Reachable;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation a command speaks to: the one that runs on a folder of this machine, or any other by its address. */
final class Connection {
    @Option(names = "--data", paramLabel = "DIR", description = "Folder of an installation on this machine.")
    @Nullable
    Path data;

    @Option(names = "--url", paramLabel = "URL", description = "Address of an installation's administration.")
    @Nullable
    URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Operator token that goes with --url; better given as GATEHOUSE_TOKEN.")
    @Nullable
    String token;

    /** Whether the user said which installation is meant. */
    boolean isNamed() {
        return data != null || url != null;
    }

    AdminClient open() {
        URI address = url;
        if (address != null) {
            String given = token == null ? System.getenv("GATEHOUSE_TOKEN") : token;
            if (given == null) {
                throw new CommandFailure(
                        Exit.USAGE, "--url needs an operator token: give --token, or set GATEHOUSE_TOKEN.");
            }
            return new AdminClient(address, given);
        }
        Path folder = DataFolder.of(data);
        Reachable found = Installation.reach(folder)
                .orElseThrow(() -> new CommandFailure(
                        Exit.NOT_RUNNING,
                        "No gatehouse runs on " + folder + ". Start it with: gatehouse up, or name another with --data"
                                + " or --url."));
        return new AdminClient(URI.create(found.running().adminUrl()), found.token());
    }
}
