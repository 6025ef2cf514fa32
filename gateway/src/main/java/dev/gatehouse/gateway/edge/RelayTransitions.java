package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.RelayEvent.ANSWER_BEGINS;
import static dev.gatehouse.gateway.edge.RelayEvent.ANSWER_ENDS;
import static dev.gatehouse.gateway.edge.RelayEvent.BODY_KNOWN;
import static dev.gatehouse.gateway.edge.RelayEvent.CLIENT_FAILS;
import static dev.gatehouse.gateway.edge.RelayEvent.CONNECTED;
import static dev.gatehouse.gateway.edge.RelayEvent.LET_IN;
import static dev.gatehouse.gateway.edge.RelayEvent.REFUSED;
import static dev.gatehouse.gateway.edge.RelayEvent.REQUEST_ENDS;
import static dev.gatehouse.gateway.edge.RelayEvent.SERVICE_FAILS;
import static dev.gatehouse.gateway.edge.RelayEvent.THROWN;
import static dev.gatehouse.gateway.edge.RelayEvent.TRIED_AGAIN;
import static dev.gatehouse.gateway.edge.RelayState.ANSWERED_EARLY;
import static dev.gatehouse.gateway.edge.RelayState.ANSWERING;
import static dev.gatehouse.gateway.edge.RelayState.ASKING;
import static dev.gatehouse.gateway.edge.RelayState.AWAITING;
import static dev.gatehouse.gateway.edge.RelayState.CONNECTING;
import static dev.gatehouse.gateway.edge.RelayState.HEARING;
import static dev.gatehouse.gateway.edge.RelayState.OVER;
import static dev.gatehouse.gateway.edge.RelayState.TURN;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every step that a call may take between its states. What is not listed is a fault of the gateway's own, and handled in one
 * way: the call ends as {@code internal}, its connection is closed, and nobody is blamed. What comes when it is over changes
 * nothing.
 */
final class RelayTransitions {
    private static final Map<RelayState, Map<RelayEvent, RelayState>> TABLE = new EnumMap<>(RelayState.class);

    static {
        to(HEARING, LET_IN, TURN);
        to(CONNECTING, BODY_KNOWN, HEARING);
        to(ASKING, CONNECTED, CONNECTING);
        to(AWAITING, REQUEST_ENDS, ASKING);
        to(CONNECTING, TRIED_AGAIN, CONNECTING, ASKING, AWAITING);
        to(ANSWERED_EARLY, ANSWER_BEGINS, ASKING);
        to(ANSWERING, ANSWER_BEGINS, AWAITING);
        to(ANSWERING, REQUEST_ENDS, ANSWERED_EARLY);
        to(OVER, ANSWER_ENDS, ANSWERED_EARLY, ANSWERING);
        to(OVER, SERVICE_FAILS, CONNECTING, ASKING, AWAITING, ANSWERED_EARLY, ANSWERING);
        to(OVER, CLIENT_FAILS, TURN, HEARING, CONNECTING, ASKING, AWAITING, ANSWERED_EARLY, ANSWERING);
        // a turn that does not come, or an answer that would be one stream too many
        to(OVER, REFUSED, TURN, ASKING, AWAITING);
        to(OVER, THROWN, TURN, HEARING, CONNECTING, ASKING, AWAITING, ANSWERED_EARLY, ANSWERING);
        for (RelayEvent late : RelayEvent.values()) {
            to(OVER, late, OVER);
        }
    }

    private RelayTransitions() {}

    private static void to(RelayState then, RelayEvent event, RelayState... from) {
        for (RelayState each : from) {
            TABLE.computeIfAbsent(each, s -> new EnumMap<>(RelayEvent.class)).put(event, then);
        }
    }

    /** The state after the event; null when it cannot happen there. */
    static @Nullable RelayState after(RelayState state, RelayEvent event) {
        Map<RelayEvent, RelayState> row = TABLE.get(state);
        return row == null ? null : row.get(event);
    }
}
