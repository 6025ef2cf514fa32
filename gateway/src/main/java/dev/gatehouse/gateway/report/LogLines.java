package dev.gatehouse.gateway.report;

import org.jspecify.annotations.Nullable;

/** Gathers access log lines of one event loop, and hands them on in large pieces. */
public final class LogLines {
    private static final int PIECE = 32 * 1024;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final AccessLog log;
    private final StringBuilder lines = new StringBuilder(PIECE + 4096);
    private boolean first;

    public LogLines(AccessLog log) {
        this.log = log;
    }

    /** Starts a line. */
    public LogLines begin() {
        lines.append('{');
        first = true;
        return this;
    }

    /** Adds a text; nothing when it is null. */
    public LogLines add(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            lines.append('"');
            escape(value);
            lines.append('"');
        }
        return this;
    }

    public LogLines add(String name, long value) {
        name(name);
        lines.append(value);
        return this;
    }

    /** Ends the line. */
    public void end() {
        lines.append("}\n");
        if (lines.length() >= PIECE) {
            flush();
        }
    }

    /** Hands on what has gathered; to be called a few times a second. */
    public void flush() {
        if (!lines.isEmpty()) {
            log.add(lines.toString());
            lines.setLength(0);
        }
    }

    private void name(String name) {
        if (first) {
            first = false;
        } else {
            lines.append(',');
        }
        lines.append('"').append(name).append("\":");
    }

    private void escape(String value) {
        int length = Math.min(value.length(), 4096);
        int plain = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c == 0x7f) {
                lines.append(value, plain, i);
                plain = i + 1;
                if (c == '"' || c == '\\') {
                    lines.append('\\').append(c);
                } else {
                    lines.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
                }
            }
        }
        lines.append(value, plain, length);
    }
}
