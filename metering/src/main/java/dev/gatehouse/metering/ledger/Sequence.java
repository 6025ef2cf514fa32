package dev.gatehouse.metering.ledger;

/** One dense sequence: a producer's events, or its tallies, in one of its epochs. */
public record Sequence(String producer, long epoch, Series series) implements Comparable<Sequence> {
    @Override
    public int compareTo(Sequence other) {
        int byProducer = producer.compareTo(other.producer);
        if (byProducer != 0) {
            return byProducer;
        }
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : series.compareTo(other.series);
    }
}
