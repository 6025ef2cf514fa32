package dev.gatehouse.bench.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the JVMs of drills. In a rehearsal they note what they load, so that all later ones are up in a part of the time;
 * nothing depends on that.
 *
 * @param caches where they note it
 * @param rehearses whether this is the rehearsal
 */
record Launch(Path caches, boolean rehearses) {
    /** @param name as in {@code gateway-0}: those that differ in the number alone load the same */
    Process start(String name, Class<?> main, String point, List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData"));
        Path cache = caches.resolve(name.substring(0, name.indexOf('-')) + ".aot");
        if (rehearses && name.endsWith("-0")) {
            command.add("-XX:AOTCacheOutput=" + cache);
        } else if (!rehearses && Files.exists(cache)) {
            command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off"));
        }
        command.addAll(List.of("-Dcrash.point=" + point, "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }
}
