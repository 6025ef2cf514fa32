package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The table of a call's states")
class RelayTransitionsTest {
    /** The whole of it: a row for each state, a column for each event, {@code .} where the event cannot happen. */
    private static final String TABLE = """
                       LET_IN  BODY_KNOWN CONNECTED REQUEST_ENDS TRIED_AGAIN ANSWER_BEGINS  ANSWER_ENDS SERVICE_FAILS CLIENT_FAILS REFUSED THROWN
        TURN           HEARING .          .         .            .           .              .           .             OVER         OVER    OVER
        HEARING        .       CONNECTING .         .            .           .              .           .             OVER         .       OVER
        CONNECTING     .       .          ASKING    .            CONNECTING  .              .           OVER          OVER         .       OVER
        ASKING         .       .          .         AWAITING     CONNECTING  ANSWERED_EARLY .           OVER          OVER         OVER    OVER
        AWAITING       .       .          .         .            CONNECTING  ANSWERING      .           OVER          OVER         OVER    OVER
        ANSWERED_EARLY .       .          .         ANSWERING    .           .              OVER        OVER          OVER         .       OVER
        ANSWERING      .       .          .         .            .           .              OVER        OVER          OVER         .       OVER
        OVER           OVER    OVER       OVER      OVER         OVER        OVER           OVER        OVER          OVER         OVER    OVER
        """;

    @Test
    @DisplayName("is as it is written here, each state with each event")
    void walked() {
        String[] rows = TABLE.strip().split("\n");
        String[] events = rows[0].strip().split(" +");
        assertThat(events).hasSize(RelayEvent.values().length);
        assertThat(rows).hasSize(RelayState.values().length + 1);
        for (int i = 1; i < rows.length; i++) {
            String[] cells = rows[i].strip().split(" +");
            RelayState state = RelayState.valueOf(cells[0]);
            for (int j = 0; j < events.length; j++) {
                RelayEvent event = RelayEvent.valueOf(events[j]);
                RelayState then = RelayTransitions.after(state, event);
                assertThat(then == null ? "." : then.name())
                        .as(event + " in " + state)
                        .isEqualTo(cells[j + 1]);
            }
        }
    }

    @ParameterizedTest(name = "leads from {0} to the end, whatever has failed")
    @EnumSource
    void ends(RelayState state) {
        assertThat(RelayTransitions.after(state, RelayEvent.THROWN)).isEqualTo(RelayState.OVER);
        assertThat(RelayTransitions.after(state, RelayEvent.CLIENT_FAILS)).isEqualTo(RelayState.OVER);
    }

    @Test
    @DisplayName("reaches every state from the first, and leaves the last by nothing")
    void reached() {
        Set<RelayState> reached = EnumSet.of(RelayState.TURN);
        int before;
        do {
            before = reached.size();
            for (RelayState state : EnumSet.copyOf(reached)) {
                for (RelayEvent event : RelayEvent.values()) {
                    RelayState then = RelayTransitions.after(state, event);
                    if (then != null) {
                        reached.add(then);
                    }
                }
            }
        } while (reached.size() > before);
        assertThat(reached).containsExactlyInAnyOrder(RelayState.values());
        for (RelayEvent event : RelayEvent.values()) {
            assertThat(RelayTransitions.after(RelayState.OVER, event)).isEqualTo(RelayState.OVER);
        }
    }
}
