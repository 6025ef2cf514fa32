package dev.gatehouse.engines;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own that starts engines, says their pids and waits to be killed. */
record Parent(Process process, long postgresPid, long redisPid) implements AutoCloseable {
    static Parent start(Path home) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String[] pids = reader.readLine().split(" ");
        return new Parent(process, Long.parseLong(pids[0]), Long.parseLong(pids[1]));
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] args) throws InterruptedException {
        Path home = Path.of(args[0]);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(home.resolve("postgres"), Durability.THROWN_AWAY);
        EmbeddedRedis redis = EmbeddedRedis.start(home.resolve("redis"), Durability.THROWN_AWAY);
        System.out.println(postgres.pid() + " " + redis.pid());
        new CountDownLatch(1).await();
    }
}
