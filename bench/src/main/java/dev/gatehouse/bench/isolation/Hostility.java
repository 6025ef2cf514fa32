package dev.gatehouse.bench.isolation;

/** A way in which a tenant takes more than its part. */
enum Hostility {
    NONE("nobody (A/A)"),
    TEN_TIMES("ten times the quiet tenant's rate, within its plan"),
    RATE_LIMITED("a flood of calls beyond its limits (429)"),
    UNKNOWN_KEYS("a flood with keys of nobody (401)"),
    COSTLY_QUERIES("the costliest legal query, 50 at a time"),
    SLOW_READERS("200 readers of big answers who hardly read"),
    SLOW_WRITERS("200 writers who hardly write"),
    IDLE_CONNECTIONS("5,000 idle connections"),
    STREAM_FLOOD("HTTP/2: 20 connections of 100 streams each, again and again"),
    RAPID_RESET("HTTP/2: streams that are reset at once"),
    EVENT_STREAMS("1,000 event streams"),
    CACHE_BUSTING("reads of which none is like another");

    private final String text;

    Hostility(String text) {
        this.text = text;
    }

    /** As the report has it. */
    String text() {
        return text;
    }
}
