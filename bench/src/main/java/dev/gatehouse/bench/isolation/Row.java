package dev.gatehouse.bench.isolation;

import java.util.Map;

/** What the quiet tenant saw in one round of one hostility: alone, then beside it. Times are in milliseconds. */
record Row(
        double aloneP50,
        double aloneP99,
        double besideP50,
        double besideP99,
        double besideMost,
        int calls,
        long aloneErrors,
        long besideErrors,
        Map<String, Integer> kinds) {

    double ratioP50() {
        return besideP50 / aloneP50;
    }

    double ratioP99() {
        return besideP99 / aloneP99;
    }
}
