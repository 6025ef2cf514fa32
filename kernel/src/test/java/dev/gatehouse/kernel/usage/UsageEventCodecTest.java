package dev.gatehouse.kernel.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The codec of usage events")
final class UsageEventCodecTest {
    private final UsageEventCodec codec = new UsageEventCodec();

    @Test
    @DisplayName("gives back every event as it was")
    void roundTrip() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            UsageEvent event = event(random);
            int length = codec.encode(event);
            assertThat(length).isLessThanOrEqualTo(UsageEventCodec.MAX_FRAME);
            UsageEvent back =
                    UsageEventCodec.decode(event.producer(), event.epoch(), event.seq(), codec.buffer(), 0, length);
            assertThat(back).as("seed %d, event %d", seed, i).isEqualTo(event);
        }
    }

    @Test
    @DisplayName("answers damaged bytes with a malformed-usage exception and nothing else")
    void damage() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            int length = codec.encode(event(random));
            byte[] bytes = Arrays.copyOf(codec.buffer(), length);
            if (random.nextBoolean()) {
                bytes = Arrays.copyOf(bytes, random.nextInt(length));
            } else {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(length)] = (byte) random.nextInt();
                }
            }
            try {
                UsageEventCodec.decode("p", 1, 1, bytes, 0, bytes.length);
            } catch (MalformedUsageException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    @Test
    @DisplayName("skips what a newer minor version appends, and refuses another major")
    void versions() throws Exception {
        UsageEvent event = event(new Random(1));
        int length = codec.encode(event);
        byte[] newer = Arrays.copyOf(codec.buffer(), length + 40);
        newer[0] = 0x11;
        newer[length] = 42;
        assertThat(UsageEventCodec.decode(event.producer(), event.epoch(), event.seq(), newer, 0, newer.length))
                .isEqualTo(event);
        newer[0] = 0x20;
        assertThatThrownBy(() -> UsageEventCodec.decode("p", 1, 1, newer, 0, newer.length))
                .isInstanceOf(MalformedUsageException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    @DisplayName("keeps a call with more names than a frame may hold, without the rest of the names")
    void tooManyNames() throws Exception {
        List<String> names =
                IntStream.range(0, 400).mapToObj(i -> "ü".repeat(120) + i).toList();
        UsageEvent plain = event(new Random(2));
        UsageEvent event = new UsageEvent(
                plain.producer(),
                plain.epoch(),
                plain.seq(),
                plain.id(),
                plain.at(),
                plain.tenant(),
                plain.key(),
                plain.mode(),
                plain.plan(),
                plain.service(),
                plain.version(),
                plain.operation(),
                plain.method(),
                plain.status(),
                plain.completion(),
                plain.cost(),
                plain.charged(),
                plain.billable(),
                plain.requestBytes(),
                plain.responseBytes(),
                plain.upstreamMicros(),
                plain.totalMicros(),
                plain.requestId(),
                plain.clientRequestId(),
                plain.upstream(),
                plain.admission(),
                names,
                names);
        int length = codec.encode(event);
        UsageEvent back =
                UsageEventCodec.decode(event.producer(), event.epoch(), event.seq(), codec.buffer(), 0, length);
        assertThat(back.requestId()).isEqualTo(event.requestId());
        assertThat(back.parameters())
                .isNotEmpty()
                .isEqualTo(names.subList(0, back.parameters().size()));
        assertThat(back.fields())
                .isNotEmpty()
                .isEqualTo(names.subList(0, back.fields().size()));
    }

    @Test
    @DisplayName("amends a frame to a call whose answer is not known to have arrived, and which is not billable")
    void amended() throws Exception {
        UsageEvent event = event(new Random(5));
        int length = codec.encode(event);
        UsageEventCodec.amend(codec.buffer(), 0, Completion.UNKNOWN);
        UsageEvent back =
                UsageEventCodec.decode(event.producer(), event.epoch(), event.seq(), codec.buffer(), 0, length);
        assertThat(back.completion()).isEqualTo(Completion.UNKNOWN);
        assertThat(back.billable()).isFalse();
        assertThat(back.charged()).isEqualTo(event.charged());
        assertThat(back.requestId()).isEqualTo(event.requestId());
        assertThat(back.fields()).isEqualTo(event.fields());
    }

    static UsageEvent event(Random random) {
        Instant at =
                Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000), random.nextInt(1_000_000) * 1_000L);
        return new UsageEvent(
                "gw_" + random.nextInt(9),
                1 + random.nextInt(9),
                1 + random.nextLong(1L << 40),
                id("evt", random),
                at,
                new TenantId(id("tnt", random)),
                new KeyId(id("key", random)),
                random.nextBoolean() ? KeyMode.LIVE : KeyMode.TEST,
                text(random, 12),
                text(random, 12),
                "v" + random.nextInt(3),
                text(random, 40),
                "GET",
                100 + random.nextInt(500),
                Completion.values()[random.nextInt(Completion.values().length)],
                number(random),
                number(random),
                random.nextBoolean(),
                number(random),
                number(random),
                number(random),
                number(random),
                id("req", random),
                orNull(random, text(random, 64)),
                orNull(random, text(random, 200)),
                new AdmissionRecord(
                        number(random), number(random), number(random), number(random), random.nextBoolean()),
                texts(random),
                texts(random));
    }

    private static String id(String prefix, Random random) {
        return PrefixedId.of(prefix, random.nextLong() & 0xffff_ffff_ffffL, random.nextLong(), random.nextLong());
    }

    private static long number(Random random) {
        return random.nextLong() >> random.nextInt(64);
    }

    private static List<String> texts(Random random) {
        List<String> texts = new ArrayList<>();
        for (int n = random.nextInt(20); n > 0; n--) {
            texts.add(text(random, 40));
        }
        return Collections.unmodifiableList(texts);
    }

    private static String text(Random random, int limit) {
        int ceiling = random.nextInt(4) == 0 ? 0xd7ff : 0x7e;
        return random.ints(random.nextInt(limit + 1), ' ', ceiling)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static @Nullable String orNull(Random random, String text) {
        return random.nextBoolean() ? text : null;
    }
}
