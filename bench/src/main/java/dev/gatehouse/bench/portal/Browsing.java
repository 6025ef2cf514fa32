package dev.gatehouse.bench.portal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What browsing costs calls: a steady rate of calls through the gateway, in alternating rounds without and with many browsers
 * that read pages, a page every few seconds each. "A/A" is the round without browsers taken twice, the run's own noise.
 */
final class Browsing {
    /** Of one round, in milliseconds. */
    record Round(String kind, double p50, double p99, long calls, long pages) {}

    private final SplitInstallation installation;
    private final List<String> sessions;
    private final int seconds;
    private final int rate;

    /** @param sessions the cookies of each browser */
    Browsing(SplitInstallation installation, List<String> sessions, int seconds, int rate) {
        this.installation = installation;
        this.sessions = sessions;
        this.seconds = seconds;
        this.rate = rate;
    }

    List<Round> run(int rounds) throws InterruptedException {
        List<Round> all = new ArrayList<>();
        round("warm-up", sessions.size());
        for (int i = 0; i < rounds; i++) {
            all.add(round("without", 0));
            all.add(round("with", sessions.size()));
            all.add(round("without again", 0));
        }
        return all;
    }

    private Round round(String kind, int readers) throws InterruptedException {
        List<Double> times = Collections.synchronizedList(new ArrayList<>());
        AtomicLong pages = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        HttpClient calls =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpClient reading =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (calls;
                reading;
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < readers; i++) {
                Random random = new Random(i);
                String cookies = sessions.get(i);
                threads.execute(() -> read(reading, cookies, random, over, pages));
            }
            URI uri = URI.create(installation.gateway + "/v2/account/limits");
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Authorization", "Bearer " + installation.demoKey)
                    .build();
            long begun = System.nanoTime();
            long total = (long) rate * seconds;
            for (long i = 0; i < total; i++) {
                // from when the call was due, so that a stall is not left out
                long due = begun + i * 1_000_000_000L / rate;
                long ahead = due - System.nanoTime();
                if (ahead > 0) {
                    TimeUnit.NANOSECONDS.sleep(ahead);
                }
                threads.execute(() -> {
                    try {
                        int status = calls.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode();
                        if (status == 200) {
                            times.add((System.nanoTime() - due) / 1e6);
                        }
                    } catch (IOException e) {
                        // counted by what is missing
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            over.set(true);
        }
        double[] sorted =
                times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Round(kind, at(sorted, 0.5), at(sorted, 0.99), sorted.length, pages.get());
    }

    private void read(HttpClient http, String cookies, Random random, AtomicBoolean over, AtomicLong pages) {
        try {
            // they don't all come at once
            TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
            while (!over.get()) {
                String path = PageTimes.SIGNED_IN.get(random.nextInt(PageTimes.SIGNED_IN.size()));
                PageTimes.fetch(http, URI.create(installation.portal + path), cookies);
                pages.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(4_000));
            }
        } catch (IOException e) {
            // the round is over, or the portal is away: the count of pages says so
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, Math.floor(share * sorted.length))];
    }

    static String table(List<Round> rounds) {
        StringBuilder out = new StringBuilder("| round | calls | pages | p50 ms | p99 ms |\n|---|---|---|---|---|\n");
        for (Round round : rounds) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.2f | %.2f |%n",
                    round.kind(),
                    round.calls(),
                    round.pages(),
                    round.p50(),
                    round.p99()));
        }
        double[] with = ratios(rounds, 1);
        double[] again = ratios(rounds, 2);
        out.append(String.format(
                Locale.ROOT,
                "%nThe gateway's p99 with browsers ÷ without: median %.2f (%.2f to %.2f). A/A: median %.2f (%.2f to %.2f).%n",
                with[with.length / 2],
                with[0],
                with[with.length - 1],
                again[again.length / 2],
                again[0],
                again[again.length - 1]));
        return out.toString();
    }

    /** p99 of the round at an offset in each group of three, over that of the group's first, sorted. */
    private static double[] ratios(List<Round> rounds, int offset) {
        double[] ratios = new double[rounds.size() / 3];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = rounds.get(3 * i + offset).p99() / rounds.get(3 * i).p99();
        }
        Arrays.sort(ratios);
        return ratios;
    }
}
