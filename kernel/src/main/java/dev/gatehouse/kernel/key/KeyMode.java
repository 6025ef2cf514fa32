package dev.gatehouse.kernel.key;

/** Live keys read live data and may be billed; test keys read the sandbox and never are. */
public enum KeyMode {
    LIVE,
    TEST;

    /** How the mode is written in a key and in JSON. */
    public String text() {
        return this == LIVE ? "live" : "test";
    }
}
