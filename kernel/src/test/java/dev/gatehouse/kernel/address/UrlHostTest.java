package dev.gatehouse.kernel.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The host of a URL")
class UrlHostTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.com., example.com",
        "exämple.com, xn--exmple-cua.com",
        "例え。テスト, xn--r8jz45g.xn--zckzah",
        "ｅｘａｍｐｌｅ.com, example.com",
        "xn--exmple-cua.com, xn--exmple-cua.com",
        "a_b.example.com, a_b.example.com",
        "1.example.com, 1.example.com"
    })
    @DisplayName("is a name in lower case and in punycode")
    void names(String host, String ascii) {
        assertThat(UrlHost.read(host)).isEqualTo(new UrlHost.Name(ascii));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "[::1]", "[::ffff:10.0.0.1]"})
    @DisplayName("is an address where it is one in its plain spelling")
    void addresses(String host) {
        assertThat(UrlHost.read(host)).isInstanceOf(UrlHost.Literal.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                "-a.com",
                "a-.com",
                "a b.com",
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0X7F.1",
                "127.1",
                "127.0.1",
                "0177.0.0.1",
                "127.0.0.1.",
                "1.2.3.4.5",
                "1.2.3.08",
                "example.1",
                "example.0x1",
                "１２７.0.0.1",
                "①②⑦.⓪.⓪.①",
                "127。0。0。1",
                "127．0．0．1",
                "０x7f.1",
                "%31%32%37.0.0.1",
                "exa%6dple.com",
                "faß.de",
                "ας.gr",
                "a\u200db.com",
                "a\u00adb..com",
                "[::1",
                "::1",
                "[1.2.3.4]",
                "[fe80::1%25eth0]",
                "[v1.x]",
                "exam\u2488ple.com",
                "a/b",
                "a?b",
                "a\tb"
            })
    @DisplayName("is refused where programs may read it differently, or not at all")
    void wrong(String host) {
        assertThat(UrlHost.read(host)).isInstanceOf(UrlHost.Wrong.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST.",
                "a.localhost",
                "printer",
                "db.internal",
                "metadata.google.internal",
                "a.local",
                "router.home.arpa",
                "x.onion",
                "ⓛocalhost"
            })
    @DisplayName("is known to be inside by names that mean nothing on the internet")
    void inside(String host) {
        assertThat(UrlHost.read(host))
                .isInstanceOfSatisfying(
                        UrlHost.Name.class, name -> assertThat(name.isInside()).isTrue());
    }
}
