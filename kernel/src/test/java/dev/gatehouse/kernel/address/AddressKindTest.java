package dev.gatehouse.kernel.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An address")
class AddressKindTest {
    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow(() -> new AssertionError(text + " was not read"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, THIS_NETWORK",
        "0.255.255.255, THIS_NETWORK",
        "1.0.0.0, PUBLIC",
        "9.255.255.255, PUBLIC",
        "10.0.0.0, PRIVATE",
        "10.255.255.255, PRIVATE",
        "11.0.0.0, PUBLIC",
        "100.63.255.255, PUBLIC",
        "100.64.0.0, CARRIER_NAT",
        "100.100.100.200, CARRIER_NAT",
        "100.127.255.255, CARRIER_NAT",
        "100.128.0.0, PUBLIC",
        "126.255.255.255, PUBLIC",
        "127.0.0.0, LOOPBACK",
        "127.255.255.255, LOOPBACK",
        "128.0.0.0, PUBLIC",
        "168.63.129.16, METADATA",
        "169.253.255.255, PUBLIC",
        "169.254.0.0, LINK_LOCAL",
        "169.254.169.254, LINK_LOCAL",
        "169.255.0.0, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.16.0.0, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.0, PUBLIC",
        "192.0.0.192, RESERVED",
        "192.0.2.1, DOCUMENTATION",
        "192.88.99.1, RESERVED",
        "192.167.255.255, PUBLIC",
        "192.168.0.0, PRIVATE",
        "192.168.255.255, PRIVATE",
        "192.169.0.0, PUBLIC",
        "198.18.0.0, BENCHMARKING",
        "198.19.255.255, BENCHMARKING",
        "203.0.113.9, DOCUMENTATION",
        "223.255.255.255, PUBLIC",
        "224.0.0.0, MULTICAST",
        "239.255.255.255, MULTICAST",
        "240.0.0.0, RESERVED",
        "255.255.255.254, RESERVED",
        "255.255.255.255, BROADCAST",
        "::, UNSPECIFIED",
        "::1, LOOPBACK",
        "::2, COMPATIBLE",
        "::8.8.8.8, COMPATIBLE",
        "::ffff:8.8.8.8, MAPPED",
        "::ffff:10.0.0.1, MAPPED",
        "::ffff:0:10.0.0.1, MAPPED",
        "64:ff9b::8.8.8.8, NAT64",
        "64:ff9b::a00:1, NAT64",
        "64:ff9b:1::1, NAT64",
        "64:ff9b:1:ffff:ffff:ffff:ffff:ffff, NAT64",
        "64:ff9b:2::1, UNASSIGNED",
        "100::1, UNASSIGNED",
        "1fff:ffff::1, UNASSIGNED",
        "2000::1, PUBLIC",
        "2001::1, TEREDO",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2, TEREDO",
        "2001:1::1, RESERVED",
        "2001:20::1, RESERVED",
        "2001:1ff::1, RESERVED",
        "2001:200::1, PUBLIC",
        "2001:db8::1, DOCUMENTATION",
        "2002:a00:1::1, SIX_TO_FOUR",
        "2606:4700::1111, PUBLIC",
        "2606:4700::5efe:10.0.0.1, ISATAP",
        "2606:4700::200:5efe:10.0.0.1, ISATAP",
        "2620:4f:8000::1, RESERVED",
        "3fff::1, DOCUMENTATION",
        "3fff:1000::1, PUBLIC",
        "4000::1, UNASSIGNED",
        "fc00::1, PRIVATE",
        "fd00:ec2::254, PRIVATE",
        "fe80::1, LINK_LOCAL",
        "febf::1, LINK_LOCAL",
        "fec0::1, PRIVATE",
        "ff02::1, MULTICAST"
    })
    @DisplayName("is of the kind of its range, at both ends of the range and beyond them")
    void kinds(String text, AddressKind kind) {
        assertThat(AddressKind.of(address(text))).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.04",
                "0x7f.0.0.1",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.-4",
                "+1.2.3.4",
                "１.2.3.4",
                "2130706433",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8:9",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "g::",
                "::1%lo",
                "[::1]",
                "::1/64",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::01.2.3.4",
                "1:",
                ":1",
                "1:2:3:4:5:6:7:",
                "::١"
            })
    @DisplayName("is not read from what is no plain spelling of one")
    void noAddress(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    @DisplayName("is read as the platform reads it, and written so that it is read as the same again")
    void likeThePlatform() throws UnknownHostException {
        long seed = new Random().nextLong();
        Random chance = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new byte[chance.nextBoolean() ? 4 : 16];
            chance.nextBytes(octets);
            for (int j = 0; j < octets.length; j++) {
                octets[j] = chance.nextInt(3) == 0 ? octets[j] : 0;
            }
            IpAddress address = IpAddress.of(octets);
            assertThat(address.octets()).as("seed " + seed).isEqualTo(octets);
            assertThat(IpAddress.parse(address.text())).as("seed " + seed).contains(address);
            if (AddressKind.of(address) != AddressKind.MAPPED) {
                assertThat(InetAddress.getByName(address.text()).getAddress())
                        .as("seed " + seed + ", " + address)
                        .isEqualTo(octets);
                assertThat(IpAddress.parse(InetAddress.getByAddress(octets).getHostAddress()))
                        .as("seed " + seed)
                        .contains(address);
            }
        }
    }

    @Test
    @DisplayName("is written as RFC 5952 has it")
    void text() {
        assertThat(address("2001:0DB8:0:0:1:0:0:1").text()).isEqualTo("2001:db8::1:0:0:1");
        assertThat(address("::").text()).isEqualTo("::");
        assertThat(address("1:0:3:4:5:6:7:8").text()).isEqualTo("1:0:3:4:5:6:7:8");
        assertThat(address("1:0:0:4::").text()).isEqualTo("1:0:0:4::");
    }
}
