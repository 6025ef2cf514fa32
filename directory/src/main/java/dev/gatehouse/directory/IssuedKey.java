package dev.gatehouse.directory;

/**
 * A key that was just made.
 *
 * @param text the only copy there is: show it once, store it nowhere
 */
public record IssuedKey(Key key, String text) {
    @Override
    public String toString() {
        return "IssuedKey[" + key.entry().prefix() + "…]";
    }
}
