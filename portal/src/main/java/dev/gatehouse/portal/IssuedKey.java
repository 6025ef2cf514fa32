package dev.gatehouse.portal;

/**
 * A key just made.
 *
 * @param text the key itself: shown once, stored nowhere
 */
public record IssuedKey(KeySummary summary, String text) {
    @Override
    public String toString() {
        return "IssuedKey[" + summary.id() + "]";
    }
}
