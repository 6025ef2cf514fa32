package dev.gatehouse.bench.metering;

/**
 * One round of one way to write.
 *
 * @param cpuMicros of the writing process, per event
 * @param serverMicros of PostgreSQL, per event
 */
record Sample(String contender, int tenants, int round, double perSecond, double cpuMicros, double serverMicros) {
    static Sample of(String line, int tenants) {
        String[] fields = line.split("\t");
        double events = Double.parseDouble(fields[2]);
        return new Sample(
                fields[0],
                tenants,
                Integer.parseInt(fields[1]),
                events * 1e9 / Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]) / 1e3 / events,
                Double.parseDouble(fields[5]) / 1e3 / events);
    }
}
