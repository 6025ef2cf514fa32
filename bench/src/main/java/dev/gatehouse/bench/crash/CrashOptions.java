package dev.gatehouse.bench.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which drills.
 *
 * @param points how often the matrix of points is gone through
 * @param seeds how many random seeds follow
 * @param first the first seed; the others follow it
 * @param only a part of the names of the matrix's drills; empty for all
 * @param seconds of load in each
 * @param record whether the report is written: {@code yes} or {@code no}
 */
record CrashOptions(int points, int seeds, long first, String only, int seconds, String record) {

    static CrashOptions parse(List<String> arguments) {
        int points = 2;
        int seeds = 50;
        long first = 1;
        String only = "";
        int seconds = 4;
        String record = "yes";
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String value = argument.substring(equals + 1);
            switch (equals < 0 ? argument : argument.substring(0, equals)) {
                case "--points" -> points = Integer.parseInt(value);
                case "--seeds" -> seeds = Integer.parseInt(value);
                case "--first-seed" -> first = Long.parseLong(value);
                case "--seed" -> {
                    first = Long.parseLong(value);
                    seeds = 1;
                    points = 0;
                }
                case "--only" -> {
                    only = value;
                    seeds = 0;
                }
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--record" -> record = value;
                default ->
                    throw new IllegalArgumentException(argument + " is not known: --points=N --seeds=N --first-seed=N"
                            + " --seed=N (replays one) --only=\"writer dies\" --seconds=N --record=yes|no");
            }
        }
        return new CrashOptions(points, seeds, first, only, seconds, record);
    }

    List<Drill> drills() {
        List<Drill> drills = new ArrayList<>();
        for (int round = 1; round <= points; round++) {
            for (Drill drill : Drill.matrix(first + round, seconds * 1_000L)) {
                if (drill.name().toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT))) {
                    drills.add(drill);
                }
            }
        }
        for (int i = 0; i < seeds; i++) {
            drills.add(Drill.ofSeed(first + i, seconds * 1_000L));
        }
        return drills;
    }

    boolean isRecorded() {
        return record.equals("yes");
    }
}
