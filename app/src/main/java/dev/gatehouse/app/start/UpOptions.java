package dev.gatehouse.app.start;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.app.role.Ports;
import dev.gatehouse.app.role.Role;
import dev.gatehouse.runtime.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How an installation is to come up.
 *
 * @param data its folder
 * @param ports where people reach it
 * @param roles what this process is to be
 */
public record UpOptions(Path data, Ports ports, Set<Role> roles, Settings settings) {
    /** The settings file that is read when none is named and this one is in the installation's folder. */
    private static final String FILE = "gatehouse.properties";

    /**
     * @param given what the command line says, by the names of the settings; it outweighs environment and file
     * @param config the settings file that the command line names
     * @throws StartRefused when a setting is not usable
     */
    public static UpOptions read(Path data, Map<String, String> given, Optional<Path> config) {
        Optional<Path> file = file(data, config);
        try {
            Settings settings = Settings.load(file, System.getenv(), new HashMap<>(given));
            return new UpOptions(
                    data,
                    new Ports(
                            settings.text("gatehouse.host", "127.0.0.1"),
                            settings.text("gatehouse.private-host", "127.0.0.1"),
                            settings.integer("gatehouse.port", 8080)),
                    Role.parse(settings.text("gatehouse.roles", "")),
                    settings);
        } catch (IOException e) {
            throw new StartRefused(
                    "The settings file " + file.map(Path::toString).orElse("") + " cannot be read: " + e.getMessage()
                            + ". Mend it, or delete it: every setting has a default.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<Path> file(Path data, Optional<Path> config) {
        if (config.isPresent()) {
            requireReadable(config.get());
            return config;
        }
        Optional<Path> own =
                Optional.of(data.resolve(FILE)).filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS));
        own.ifPresent(UpOptions::requireReadable);
        return own;
    }

    private static void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new StartRefused("The settings file " + file
                    + " cannot be read: it must be a file that the user who runs" + " Gatehouse may read.");
        }
    }
}
