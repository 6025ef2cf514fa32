package dev.gatehouse.bench.metering;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, and how long.
 *
 * @param parts of {@code writer}, {@code month}, {@code lag} and {@code share}
 * @param tenants one series of the writer each; the month has the last of them
 * @param events of the month
 * @param batch events of a round
 * @param data where the month's database is kept for another run; null for a folder that is deleted
 * @param record whether the report is written: {@code yes} or {@code no}
 */
record MeteringOptions(
        List<String> parts,
        List<Integer> tenants,
        long events,
        int rounds,
        int batch,
        int warmup,
        int asks,
        int seconds,
        List<String> javaOptions,
        @Nullable Path data,
        String record) {
    static final String USAGE = "gatehouse bench metering [--parts=writer,month,lag,share] [--tenants=100,1000]"
            + " [--events=30000000] [--rounds=5] [--batch=100000] [--warmup=600000] [--asks=200] [--seconds=15]"
            + " [--java=\"…\"] [--data=FOLDER] [--record=yes|no]";

    static MeteringOptions parse(List<String> arguments) {
        List<String> parts = List.of("writer", "month", "lag", "share");
        List<Integer> tenants = List.of(100, 1_000);
        long events = 30_000_000;
        int rounds = 5;
        int batch = 100_000;
        int warmup = 600_000;
        int asks = 200;
        int seconds = 15;
        List<String> java = List.of();
        Path data = null;
        String record = "yes";
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String value = argument.substring(equals + 1);
            switch (argument.substring(0, Math.max(0, equals))) {
                case "--parts" -> parts = List.of(value.split(","));
                case "--tenants" ->
                    tenants = Arrays.stream(value.split(","))
                            .map(Integer::valueOf)
                            .toList();
                case "--events" -> events = Long.parseLong(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--batch" -> batch = Integer.parseInt(value);
                case "--warmup" -> warmup = Integer.parseInt(value);
                case "--asks" -> asks = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--java" -> java = List.of(value.split(" "));
                case "--data" -> data = Path.of(value);
                case "--record" -> record = value;
                default -> throw new IllegalArgumentException(argument + " is not known: " + USAGE);
            }
        }
        return new MeteringOptions(parts, tenants, events, rounds, batch, warmup, asks, seconds, java, data, record);
    }

    boolean isRecorded() {
        return record.equals("yes");
    }
}
