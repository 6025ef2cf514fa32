package dev.gatehouse.gateway.arrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The head of the PROXY protocol")
class ProxyHeadTest {
    static final byte[] V4 = {(byte) 198, 51, 100, 7, 10, 0, 0, 1, (byte) 0xdc, 4, 1, (byte) 0xbb};
    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1);

    private static ProxyHead read(byte[] octets) {
        ByteBuf in = Unpooled.wrappedBuffer(octets);
        ProxyHead head = ProxyHead.read(in);
        assertThat(in.readerIndex()).isZero();
        return head;
    }

    private static ProxyHead line(String line) {
        return read(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    static byte[] v2(int command, int family, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(SIGNATURE);
        head.write(command);
        head.write(family);
        head.write(body.size() >> 8);
        head.write(body.size());
        head.writeBytes(body.toByteArray());
        return head.toByteArray();
    }

    private static String client(ProxyHead head) {
        return head instanceof ProxyHead.Client client
                ? client.source().getAddress().getHostAddress() + " "
                        + client.source().getPort()
                : head.toString();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "PROXY TCP4 198.51.100.7 10.0.0.1 56324 443, 198.51.100.7 56324",
        "PROXY TCP4 255.255.255.255 0.0.0.0 0 65535, 255.255.255.255 0",
        "PROXY TCP6 2001:db8::7 ::1 56324 443, 2001:db8:0:0:0:0:0:7 56324",
        "PROXY TCP6 ::ffff:198.51.100.7 ::1 1 2, 198.51.100.7 1"
    })
    @DisplayName("of version 1 names the client")
    void versionOne(String line, String expected) {
        assertThat(client(line(line + "\r\nGET /"))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "PROXY UNKNOWN",
                "PROXY UNKNOWN ",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
                "PROXY UNKNOWN anything at all"
            })
    @DisplayName("of version 1 may not know the client")
    void unknown(String line) {
        assertThat(line(line + "\r\n\r\n")).isEqualTo(new ProxyHead.Own(line.length() + 2));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "PROXY TCP4 198.51.100.7 10.0.0.1 56324 443\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 56324 443 \r\n",
                "PROXY TCP4  198.51.100.7 10.0.0.1 56324 443\r\n",
                "PROXY  TCP4 198.51.100.7 10.0.0.1 56324 443\r\n",
                "PROXY TCP4\t198.51.100.7 10.0.0.1 56324 443\r\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 56324\r\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 56324 443 1\r\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 65536 443\r\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 -1 443\r\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 +1 443\r\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 0443 443\r\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 x 443\r\n",
                "PROXY TCP4 198.51.100 10.0.0.1 1 443\r\n",
                "PROXY TCP4 198.51.100.256 10.0.0.1 1 443\r\n",
                "PROXY TCP4 198.51.100.07 10.0.0.1 1 443\r\n",
                "PROXY TCP4 3325256711 10.0.0.1 1 443\r\n",
                "PROXY TCP4 0xc6.51.100.7 10.0.0.1 1 443\r\n",
                "PROXY TCP4 ::1 10.0.0.1 1 443\r\n",
                "PROXY TCP4 localhost 10.0.0.1 1 443\r\n",
                "PROXY TCP6 198.51.100.7 10.0.0.1 1 443\r\n",
                "PROXY TCP6 2001:db8::7%eth0 ::1 1 443\r\n",
                "PROXY TCP6 [::1] ::1 1 443\r\n",
                "PROXY TCP6 :::: ::1 1 443\r\n",
                "PROXY UDP4 198.51.100.7 10.0.0.1 1 443\r\n",
                "PROXY tcp4 198.51.100.7 10.0.0.1 1 443\r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY \r\n",
                "PROXY \r\r\n",
                "PROXY TCP4 198.51.100.7\0 10.0.0.1 1 443\r\n",
                "PROXY TCP4 198.51.100.7 10.0.0.1 1 443\r\r\n",
                "PROXY UNKNOWN \u00e9\r\n",
                "PROXX TCP4 198.51.100.7 10.0.0.1 1 443\r\n",
                "proxy TCP4 198.51.100.7 10.0.0.1 1 443\r\n",
                "GET / HTTP/1.1\r\n",
                "\r\nPROXY UNKNOWN\r\n"
            })
    @DisplayName("of version 1 is refused when it is not by the letter")
    void malformedLine(String line) {
        assertThat(line(line)).isInstanceOf(ProxyHead.Malformed.class);
    }

    @Test
    @DisplayName("of version 1 has to end within 107 octets")
    void tooLong() {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 16);
        assertThat(line(longest + "\r\n")).isEqualTo(new ProxyHead.Own(107));
        assertThat(line(longest + "x\r\n")).isInstanceOf(ProxyHead.Malformed.class);
        assertThat(line(longest + "xxxxx")).isInstanceOf(ProxyHead.Malformed.class);
        assertThat(line(longest)).isInstanceOf(ProxyHead.Partial.class);
    }

    @Test
    @DisplayName("of version 2 names a client by IPv4 or IPv6, with or without TLVs")
    void versionTwo() {
        byte[] tlv = {0x04, 0, 3, 0, 0, 0, 0x20, 0, 0};
        assertThat(client(read(v2(0x21, 0x11, V4)))).isEqualTo("198.51.100.7 56324");
        assertThat(client(read(v2(0x21, 0x11, V4, tlv)))).isEqualTo("198.51.100.7 56324");
        ByteBuffer six = ByteBuffer.allocate(36);
        six.put(new byte[] {0x20, 1, 0x0d, (byte) 0xb8}).position(15);
        six.put((byte) 7).position(32);
        six.putShort((short) 56324).putShort((short) 443);
        assertThat(client(read(v2(0x21, 0x21, six.array())))).isEqualTo("2001:db8:0:0:0:0:0:7 56324");
    }

    @Test
    @DisplayName("of version 2 may be about the balancer's own connection, a Unix socket, or nothing that it can say")
    void own() {
        assertThat(read(v2(0x20, 0))).isEqualTo(new ProxyHead.Own(16));
        assertThat(read(v2(0x20, 0x11, V4))).isEqualTo(new ProxyHead.Own(28));
        assertThat(read(v2(0x20, 0xff, new byte[] {1, 2, 3}))).isEqualTo(new ProxyHead.Own(19));
        assertThat(read(v2(0x21, 0))).isEqualTo(new ProxyHead.Own(16));
        assertThat(read(v2(0x21, 0, new byte[] {1, 2}))).isEqualTo(new ProxyHead.Own(18));
        assertThat(read(v2(0x21, 0x31, new byte[216]))).isEqualTo(new ProxyHead.Own(232));
    }

    @Test
    @DisplayName("of version 2 is refused when a version, command, family, length or TLV is not by the letter")
    void malformedBinary() {
        byte[][] heads = {
            v2(0x11, 0x11, V4),
            v2(0x22, 0x11, V4),
            v2(0x31, 0x11, V4),
            v2(0x21, 0x12, V4),
            v2(0x21, 0x22, new byte[36]),
            v2(0x21, 0x32, new byte[216]),
            v2(0x21, 0x10, V4),
            v2(0x21, 0x41, V4),
            v2(0x21, 0x11),
            v2(0x21, 0x11, new byte[11]),
            v2(0x21, 0x21, new byte[35]),
            v2(0x21, 0x31, new byte[215]),
            v2(0x21, 0x11, V4, new byte[] {4}),
            v2(0x21, 0x11, V4, new byte[] {4, 0}),
            v2(0x21, 0x11, V4, new byte[] {4, 0, 1}),
            v2(0x21, 0x11, V4, new byte[] {4, (byte) 0xff, (byte) 0xff, 0}),
            v2(0x21, 0x11, V4, new byte[] {3, 0, 4, 1, 2, 3, 4}),
            v2(0x21, 0x11, V4, new byte[] {3, 0, 1, 1}),
            v2(0x21, 0x11, V4, new byte[3_000]),
            v2(0x20, 0, new byte[60_000])
        };
        for (byte[] head : heads) {
            assertThat(read(head)).isInstanceOf(ProxyHead.Malformed.class);
        }
    }

    @Test
    @DisplayName("of version 2 may have a checksum, which has to be right")
    void checksum() {
        byte[] head = v2(0x21, 0x11, V4, new byte[] {3, 0, 4, 0, 0, 0, 0});
        CRC32C sum = new CRC32C();
        sum.update(head);
        ByteBuffer.wrap(head).putInt(head.length - 4, (int) sum.getValue());
        assertThat(client(read(head))).isEqualTo("198.51.100.7 56324");
        head[17]++;
        assertThat(read(head)).isInstanceOf(ProxyHead.Malformed.class);
    }

    @Test
    @DisplayName("is awaited octet by octet, and never judged before it is there")
    void partial() {
        for (byte[] head : new byte[][] {
            "PROXY TCP4 198.51.100.7 10.0.0.1 56324 443\r\n".getBytes(StandardCharsets.US_ASCII),
            v2(0x21, 0x11, V4, new byte[] {4, 0, 1, 0}),
            v2(0x20, 0)
        }) {
            for (int length = 0; length < head.length; length++) {
                assertThat(read(java.util.Arrays.copyOf(head, length)))
                        .as("%d octets", length)
                        .isInstanceOf(ProxyHead.Partial.class);
            }
            assertThat(read(head)).isNotInstanceOf(ProxyHead.Partial.class);
        }
    }

    @Test
    @DisplayName("may be any octets: none make it throw")
    void anything() {
        long seed = System.nanoTime();
        SplittableRandom chance = new SplittableRandom(seed);
        byte[][] seeds = {
            "PROXY TCP6 2001:db8::7 ::ffff:1.2.3.4 56324 443\r\n".getBytes(StandardCharsets.US_ASCII),
            v2(0x21, 0x11, V4, new byte[] {4, 0, 1, 0, 3, 0, 4, 0, 0, 0, 0}),
            v2(0x21, 0x31, new byte[220])
        };
        for (int i = 0; i < 300_000; i++) {
            byte[] octets = seeds[chance.nextInt(seeds.length)].clone();
            for (int n = chance.nextInt(5); n >= 0; n--) {
                octets[chance.nextInt(octets.length)] = (byte) chance.nextInt(256);
            }
            int length = chance.nextInt(octets.length + 1);
            assertThat(read(java.util.Arrays.copyOf(octets, length)))
                    .as("seed %d", seed)
                    .isNotNull();
        }
    }
}
