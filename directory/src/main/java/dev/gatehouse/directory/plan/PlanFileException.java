package dev.gatehouse.directory.plan;

import java.util.List;

/** A plans file that cannot be used; the message names every fault and its line. */
public final class PlanFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    PlanFileException(String file, List<String> faults) {
        super("The plans file " + file + " cannot be used:\n  " + String.join("\n  ", faults));
    }
}
