package dev.gatehouse.kernel.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An address range")
class AddressRangeTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "::ffff:203.0.113.0/120, 203.0.113.0/24",
        "::ffff:203.0.113.0/128, 203.0.113.0",
        "::ffff:cb00:7100/96, 203.0.113.0/0",
        "::FFFF:203.0.113.7, 203.0.113.7",
        "0:0:0:0:0:ffff:203.0.113.7, 203.0.113.7",
        "203.0.113.7/32, 203.0.113.7",
        "2001:DB8:0:0:0:0:0:0/32, 2001:db8::/32",
        "::/0, ::/0",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "::1, ::1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221"
    })
    @DisplayName("has one normal form, in which an IPv4-mapped one is IPv4")
    void normal(String text, String normal) {
        assertThat(AddressRange.parse(text)).hasToString(normal);
        assertThat(AddressRange.parse(normal)).isEqualTo(AddressRange.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/24",
                "203.0.113.0/",
                "203.0.113.0/33",
                "203.0.113.0/-1",
                "203.0.113.0/+8",
                "203.0.113.0/08",
                "203.0.113.0/120",
                "203.0.113",
                "203.0.113.0.1",
                "203.0.113.256",
                "203.0.113.007",
                "0xcb.0.113.0",
                "3405803776",
                " 203.0.113.7",
                "203.0.113.7 ",
                "203.0.113.٣",
                "::/129",
                "::ffff:203.0.113.0/95",
                "::ffff:0:0/0",
                "::ffff:203.0.113.0/129",
                "fe80::1%eth0",
                "[::1]",
                ":::",
                "1::2::3",
                "::1:",
                ":1::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::12345",
                "::g",
                "::203.0.113",
                "localhost",
                "203.0.113.0/24/8",
                "::ffff:203.0.113.0:1",
                "1:2:3:4:5:6:7:1.2.3.4",
                "203.0.113.0/99999999999999999999"
            })
    @DisplayName("is nothing else")
    void refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @Test
    @DisplayName("holds the client by either of its names")
    void mappedClient() {
        AddressRange range = AddressRange.parse("::ffff:203.0.113.0/120");

        assertThat(range.contains(address("203.0.113.9"))).isTrue();
        assertThat(range.contains(address("::ffff:203.0.113.9"))).isTrue();
        assertThat(range.contains(address("203.0.114.9"))).isFalse();
        assertThat(range.contains(address("::cb00:7109"))).isFalse();
        assertThat(AddressRange.parse("::/0").contains(address("203.0.113.9"))).isFalse();
    }
}
