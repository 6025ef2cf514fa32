package dev.gatehouse.kernel.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A batch on the usage stream")
final class UsageBatchTest {
    @Test
    @DisplayName("carries events with holes in their sequence from fields to fields")
    void events() throws Exception {
        Random random = new Random(3);
        UsageEventCodec codec = new UsageEventCodec();
        UsageBatch.Builder builder = new UsageBatch.Builder(UsageBatch.Kind.USAGE, "gw_1", 7);
        List<UsageEvent> sent = new ArrayList<>();
        for (long seq : new long[] {5, 6, 9, 1_000}) {
            int length = codec.encode(UsageEventCodecTest.event(random));
            sent.add(UsageEventCodec.decode("gw_1", 7, seq, codec.buffer(), 0, length));
            assertThat(builder.add(seq, codec.buffer(), 0, length)).isTrue();
        }
        List<UsageEvent> received = new ArrayList<>();
        UsageBatch batch = UsageBatch.ofFields(builder.build().toFields());
        batch.forEach((seq, bytes, offset, length) ->
                received.add(UsageEventCodec.decode(batch.producer(), batch.epoch(), seq, bytes, offset, length)));
        assertThat(received).isEqualTo(sent);
        assertThat(batch.first()).isEqualTo(5);
    }

    @Test
    @DisplayName("carries tallies of known and of unknown callers")
    void tallies() throws Exception {
        RefusalTallyCodec codec = new RefusalTallyCodec();
        Instant second = Instant.parse("2026-11-24T06:00:00Z");
        RefusalTally known = new RefusalTally(
                "gw_1",
                1,
                1,
                new TenantId(PrefixedId.of("tnt", 1, 2, 3)),
                new KeyId(PrefixedId.of("key", 1, 2, 3)),
                "rate_limited",
                second,
                4_000_000_000L);
        RefusalTally unknown = new RefusalTally("gw_1", 1, 2, null, null, "key_unknown", second, 1);
        for (RefusalTally tally : List.of(known, unknown)) {
            int length = codec.encode(tally);
            assertThat(RefusalTallyCodec.decode("gw_1", 1, tally.seq(), codec.buffer(), 0, length))
                    .isEqualTo(tally);
        }
    }

    @Test
    @DisplayName("takes no more than its bounds, and says when it is full")
    void full() {
        UsageBatch.Builder builder = new UsageBatch.Builder(UsageBatch.Kind.USAGE, "gw_1", 1);
        byte[] frame = new byte[UsageEventCodec.MAX_FRAME];
        long seq = 0;
        while (builder.add(seq + 1, frame, 0, frame.length)) {
            seq++;
        }
        assertThat(seq).isBetween(10L, 16L);
        assertThat(builder.build().body().length).isLessThanOrEqualTo(UsageBatch.MAX_BODY);
        builder.clear();
        assertThat(builder.add(seq + 1, frame, 0, frame.length)).isTrue();
    }

    @Test
    @DisplayName("names what is wrong with junk")
    void junk() {
        Map<String, byte[]> good = new LinkedHashMap<>();
        good.put("k", bytes("u"));
        good.put("p", bytes("gw_1"));
        good.put("e", bytes("1"));
        good.put("f", bytes("1"));
        good.put("n", bytes("1"));
        good.put("b", new byte[] {0, 1, 1});
        assertRefused(good, "k", bytes("x"), "kind");
        assertRefused(good, "e", bytes("one"), "not a number");
        assertRefused(good, "f", bytes("0"), "out of range");
        assertRefused(good, "n", bytes("1000000"), "1 to 1000");
        assertRefused(good, "b", new byte[1 << 20], "1048576 octets");
        good.remove("b");
        assertThatThrownBy(() -> UsageBatch.ofFields(good)).hasMessageContaining("lacks its field b");
    }

    @Test
    @DisplayName("refuses frames that are not as stated")
    void frames() {
        assertThatThrownBy(() -> batch(2, new byte[] {0, 1, 1}).forEach((s, b, o, l) -> {}))
                .hasMessageContaining("holds 1 frames and says 2");
        assertThatThrownBy(() -> batch(2, new byte[] {1, 1, 1, 1, 1, 1}).forEach((s, b, o, l) -> {}))
                .hasMessageContaining("frame 2 follows 2");
        assertThatThrownBy(() -> batch(1, new byte[] {0, 100, 1}).forEach((s, b, o, l) -> {}))
                .hasMessageContaining("past the end");
    }

    private static UsageBatch batch(int count, byte[] body) {
        return new UsageBatch(UsageBatch.Kind.USAGE, "gw_1", 1, 1, count, body);
    }

    private static void assertRefused(Map<String, byte[]> good, String field, byte[] value, String reason) {
        Map<String, byte[]> bad = new LinkedHashMap<>(good);
        bad.put(field, value);
        assertThatThrownBy(() -> UsageBatch.ofFields(bad))
                .isInstanceOf(MalformedUsageException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
