package dev.gatehouse.runtime.sql;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;

/** What asking the server whether it is there has shown. */
sealed interface Probe {
    /** How long the server may say nothing before it counts as away. */
    Duration SILENCE = Duration.ofMillis(1_500);

    /** Later than this, this process itself was held up, and what it has not heard says nothing about the server. */
    Duration OWN_LATENESS = Duration.ofMillis(250);

    record Here() implements Probe {}

    /** @param reason to follow a colon, without a full stop */
    record Away(String reason) implements Probe {}

    /** Neither is shown: ask again at once. */
    record Unclear() implements Probe {}

    /**
     * What a failed question means.
     *
     * @param took from asking to failing
     * @param patience after which the question was to be given up
     */
    static Probe of(SQLException failure, Duration took, Duration patience) {
        String state = String.valueOf(failure.getSQLState());
        if (state.startsWith("53")) {
            // too many connections, no memory: it is there, or it could not say so
            return new Here();
        }
        if (isSilence(failure)) {
            return took.compareTo(patience.plus(OWN_LATENESS)) > 0
                    ? new Unclear()
                    : new Away("it has not answered for " + patience.toMillis() + " ms");
        }
        return new Away(firstLine(failure));
    }

    private static boolean isSilence(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse("it cannot be reached")
                .strip()
                .replaceFirst("[.]$", "");
    }
}
