package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.identity.CallerIdentity;

/** What plans include or not. */
enum FieldGroup {
    /** In every plan. */
    BASIC,
    LOCATION,
    SIGNALS;

    boolean isFor(CallerIdentity caller) {
        return switch (this) {
            case BASIC -> true;
            case LOCATION -> caller.hasField("location");
            case SIGNALS -> caller.hasField("signals");
        };
    }
}
