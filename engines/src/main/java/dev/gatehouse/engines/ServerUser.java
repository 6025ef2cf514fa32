package dev.gatehouse.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL runs. It refuses to run as root. Root therefore starts it in a user namespace that maps nobody
 * ({@code unshare -U}, user_namespaces(7)): there it sees itself as an ordinary user, and the files that root owns as its
 * own. Where the kernel or a container forbids namespaces, it runs as the user {@code nobody}.
 */
enum ServerUser {
    OURSELVES(List.of()),
    IN_A_NAMESPACE(List.of("unshare", "-U")),
    NOBODY(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));

    private final List<String> prefix;

    ServerUser(List<String> prefix) {
        this.prefix = prefix;
    }

    /** The words that go before a command. */
    List<String> prefix() {
        return prefix;
    }

    static ServerUser find() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return OURSELVES;
        }
        for (ServerUser user : List.of(IN_A_NAMESPACE, NOBODY)) {
            if (user.works()) {
                return user;
            }
        }
        throw new EngineException("PostgreSQL refuses to run as root, and this machine offers neither user namespaces"
                + " (unshare -U) nor the user nobody (setpriv). Run gatehouse as another user,"
                + " or start a PostgreSQL yourself and name it with GATEHOUSE_DATABASE_URL.");
    }

    /** Makes a folder usable by the server's user. */
    void own(Path folder) {
        if (this != NOBODY) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            UserPrincipal nobody =
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            for (Path path : all.toList()) {
                Files.setOwner(path, nobody);
            }
        } catch (IOException e) {
            throw new EngineException("Cannot give " + folder + " to the user nobody: " + e.getMessage(), e);
        }
    }

    private boolean works() {
        try {
            Process process = new ProcessBuilder(
                            Stream.concat(prefix.stream(), Stream.of("true")).toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
