package dev.gatehouse.enrichment.valuation;

/**
 * What the model knows of a home. A count that its source does not give is 0, and the model knows which markets lack it.
 *
 * @param latitude degrees, WGS 84
 * @param livingArea square feet, positive
 * @param lotSize square feet; 0 when it is not known
 * @param stories 0 when it is not known
 */
public record Subject(
        double latitude,
        double longitude,
        double livingArea,
        double lotSize,
        int yearBuilt,
        int bedrooms,
        int bathroomsFull,
        int bathroomsHalf,
        double stories) {

    private static final double METRES_PER_DEGREE = 111_195;

    public Subject {
        if (!(livingArea > 0)) {
            throw new IllegalArgumentException("a home without a living area cannot be compared");
        }
    }

    /** Metres, as the crow flies; good to a thousandth over the few kilometres that matter here. */
    public double metresTo(Subject other) {
        double north = (other.latitude - latitude) * METRES_PER_DEGREE;
        double east = (other.longitude - longitude) * METRES_PER_DEGREE * Math.cos(Math.toRadians(latitude));
        return Math.sqrt(north * north + east * east);
    }
}
