package dev.gatehouse.bench.gateway;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long and with whom.
 *
 * @param connections of the load, one series each
 * @param only contenders besides Gatehouse; empty for all
 * @param javaOptions for the measured gateway's process
 * @param record whether the report is written: {@code yes} or {@code no}
 */
record BenchOptions(
        int rounds,
        int seconds,
        int warmupSeconds,
        List<Integer> connections,
        List<String> only,
        List<String> javaOptions,
        String record) {

    static BenchOptions parse(List<String> arguments) {
        int rounds = 5;
        int seconds = 5;
        int warmup = 12;
        List<Integer> connections = List.of(64, 4);
        List<String> only = List.of();
        List<String> java = List.of();
        String record = "yes";
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = argument.substring(equals + 1);
            switch (name) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--warmup" -> warmup = Integer.parseInt(value);
                case "--connections" ->
                    connections = Arrays.stream(value.split(","))
                            .map(Integer::valueOf)
                            .toList();
                case "--only" -> only = List.of(value.split(","));
                case "--java" -> java = List.of(value.split(" "));
                case "--record" -> record = value;
                default ->
                    throw new IllegalArgumentException(argument + " is not known: --rounds=N --seconds=N --warmup=N"
                            + " --connections=64,4 --only=bare,lua,fastify,spring --java=\"…\" --record=yes|no");
            }
        }
        return new BenchOptions(rounds, seconds, warmup, connections, only, java, record);
    }

    boolean has(String contender) {
        return only.isEmpty() || only.stream().anyMatch(contender.toLowerCase(Locale.ROOT)::contains);
    }

    boolean isRecorded() {
        return record.equals("yes");
    }
}
