package dev.gatehouse.metering.accesslog;

/** How the lines of an access log are to be read. Pure. */
@FunctionalInterface
public interface LogFormat {
    LogLine read(String line);
}
