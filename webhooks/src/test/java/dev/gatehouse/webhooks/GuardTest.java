package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.guard.AddressGuard;
import dev.gatehouse.webhooks.guard.BlockedException;
import dev.gatehouse.webhooks.guard.Destination;
import dev.gatehouse.webhooks.guard.Loopback;
import dev.gatehouse.webhooks.guard.Resolver;
import dev.gatehouse.webhooks.guard.SelfAttack;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
    private static final TenantId ACME = TenantId.next(InstantSource.system());

    private static Resolver says(String... addresses) {
        return host -> {
            List<InetAddress> found = new ArrayList<>();
            for (String address : addresses) {
                found.add(InetAddress.getByName(address));
            }
            return found;
        };
    }

    private static AddressGuard guard(String... addresses) {
        return new AddressGuard(says(addresses), Loopback.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "::1",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "100.100.100.200",
                "169.254.169.254",
                "168.63.129.16",
                "0.0.0.0",
                "192.0.0.192",
                "192.88.99.1",
                "198.18.0.1",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "2002:7f00:1::",
                "64:ff9b::7f00:1",
                "64:ff9b:1::1",
                "2001::1",
                "2001:0:53aa:64c::1",
                "2001:db8::1",
                "::",
                "fec0::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "4000::1"
            })
    @DisplayName("a name that leads to an address that is not public is refused")
    void notPublic(String address) {
        assertThatThrownBy(() -> guard(address).resolve("https://example.com/hook"))
                .isInstanceOf(BlockedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"93.184.215.14", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.167.255.255", "2606:4700::1111"})
    @DisplayName("a name that leads to a public address is let through, and that address is the one to connect to")
    void isPublic(String address) throws Exception {
        Destination to = guard(address).resolve("https://example.com/hook?a=b");
        assertThat(to.address()).isEqualTo(InetAddress.getByName(address));
        assertThat(to.host()).isEqualTo("example.com");
        assertThat(to.port()).isEqualTo(443);
    }

    @Test
    @DisplayName("one private address among public ones is enough to refuse the name")
    void mixed() {
        assertThatThrownBy(() -> guard("93.184.215.14", "10.0.0.1").resolve("https://example.com/"))
                .isInstanceOf(BlockedException.class)
                .hasMessageContaining("private");
    }

    @Test
    @DisplayName(
            "a resolver that answers public first and loopback later is asked once, and what it said first is used")
    void rebinding() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AddressGuard guard = new AddressGuard(
                host -> List.of(InetAddress.getByName(asked.getAndIncrement() == 0 ? "93.184.215.14" : "127.0.0.1")),
                Loopback.REFUSED);
        Destination to = guard.resolve("https://rebind.example/");
        assertThat(to.address().getHostAddress()).isEqualTo("93.184.215.14");
        assertThat(asked).hasValue(1);
        assertThatThrownBy(() -> guard.resolve("https://rebind.example/")).isInstanceOf(BlockedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://example.com/",
                "example.com",
                "https:///nothing",
                "https://example.com:22/",
                "https://example.com:6379/",
                "https://example.com:0/",
                "https://user@example.com/",
                "https://user:pass@example.com/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://017700000001/",
                "https://127.1/",
                "https://0x7f.1/",
                "https://1.2.3.4.5/",
                "https://example.com/#top",
                "https://[::ffff:8.8.8.8]/",
                "https://[fe80::1%25eth0]/",
                "https://exa mple.com/",
                "https://example.com\\@10.0.0.1/",
                "https://example.com:443@10.0.0.1/",
                "https://10.0.0.1/",
                "https://[::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[::ffff:a00:1]/",
                "https://[::10.0.0.1]/",
                "https://[64:ff9b::10.0.0.1]/",
                "https://[64:ff9b:1::a00:1]/",
                "https://[2002:a00:1::]/",
                "https://[2001:0:a00:1::1]/",
                "https://[fd00:ec2::254]/",
                "https://169.254.169.254/latest/meta-data/",
                "https://metadata.google.internal/computeMetadata/v1/",
                "https://localhost/",
                "https://localhost./",
                "https://db/",
                "https://１２７.0.0.1/",
                "https://①②⑦.⓪.⓪.①/",
                "https://127。0。0。1/",
                "https://%31%32%37.0.0.1/",
                "https://faß.de/",
                "https://example.com:080/x",
                "https://example.com:/",
                "https://example.com:443x/",
                "https://example.com:99999/",
                "https://example.com/a b",
                "https://example.com/a\tb",
                "https://example.com/a\nb",
                "https://example.com/\u00a0",
                "https://example.com/%zz",
                "https://example.com/%",
                "https://example.com/\ud800",
                "https:example.com",
                "//example.com/",
                "https:///example.com/",
                "https://?x=1",
                ""
            })
    @DisplayName("a URL of a wrong scheme, port or form is refused before anything is looked up")
    void form(String url) {
        AddressGuard guard = new AddressGuard(
                host -> {
                    throw new AssertionError("looked up " + host);
                },
                Loopback.REFUSED);
        assertThatThrownBy(() -> guard.parse(url)).isInstanceOf(BlockedException.class);
        assertThatThrownBy(() -> guard.resolve(url)).isInstanceOf(BlockedException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://exämple.com/, https://xn--exmple-cua.com/",
        "https://EXAMPLE.com:443/Ä?ü=ß&x=%C3%A4, https://example.com/%C3%84?%C3%BC=%C3%9F&x=%C3%A4",
        "HTTPS://example.com., https://example.com",
        "https://example.com?x, https://example.com/?x",
        "https://example.com:8443/a|b^c, https://example.com:8443/a%7Cb%5Ec",
        "https://[2606:4700:0:0::1111]/, https://[2606:4700::1111]/",
        "https://example.com/😀, https://example.com/%F0%9F%98%80"
    })
    @DisplayName("a URL is kept in its normal form: punycode, percent-encoded, without what goes without saying")
    void normalForm(String url, String normal) throws Exception {
        assertThat(guard("93.184.215.14").accept(ACME, url)).hasToString(normal);
        assertThat(guard("93.184.215.14").resolve(normal).uri()).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.1", "127.0.0.1", "169.254.169.254", "fd00:ec2::254", "64:ff9b::a00:1", "2002:a00:1::"})
    @DisplayName("a name that is known to lead inside is refused when the endpoint is made, and the reason says why")
    void refusedAtCreation(String address) {
        assertThatThrownBy(() -> guard("93.184.215.14", address).accept(ACME, "https://example.com/"))
                .isInstanceOf(BlockedException.class)
                .hasMessageContaining("public addresses");
    }

    @Test
    @DisplayName("a name that has no address yet, or whose server is silent, is taken; the delivery looks again")
    void unknownAtCreation() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AddressGuard silent = new AddressGuard(
                host -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of();
                },
                Loopback.REFUSED);
        for (int i = 0; i < 3; i++) {
            assertThat(silent.accept(ACME, "https://silent.example/")).hasToString("https://silent.example/");
        }
        AddressGuard none = new AddressGuard(
                host -> {
                    throw new UnknownHostException(host);
                },
                Loopback.REFUSED);
        assertThat(none.accept(ACME, "https://soon.example/")).hasToString("https://soon.example/");
        never.countDown();
    }

    @Test
    @DisplayName("a port of this machine is open to the tenant whom an operator opened it to, in exactly that form")
    void opened() throws Exception {
        AddressGuard guard = new AddressGuard(
                Resolver.system(), Loopback.REFUSED, (tenant, port) -> tenant.equals(ACME) && port == 9000);
        assertThat(guard.accept(ACME, "http://127.0.0.1:9000/hooks")).hasToString("http://127.0.0.1:9000/hooks");
        assertThat(guard.resolve(ACME, "http://127.0.0.1:9000/hooks").address().getHostAddress())
                .isEqualTo("127.0.0.1");
        for (String url : List.of(
                "http://127.0.0.1:9001/",
                "http://127.0.0.2:9000/",
                "http://localhost:9000/",
                "http://[::1]:9000/",
                "https://127.0.0.1:9000/",
                "http://10.0.0.1:9000/",
                "http://127.1:9000/")) {
            assertThatThrownBy(() -> guard.accept(ACME, url)).as(url).isInstanceOf(BlockedException.class);
            assertThatThrownBy(() -> guard.resolve(ACME, url)).as(url).isInstanceOf(BlockedException.class);
        }
        TenantId other = TenantId.next(InstantSource.system());
        assertThatThrownBy(() -> guard.accept(other, "http://127.0.0.1:9000/")).isInstanceOf(BlockedException.class);
        assertThatThrownBy(() -> guard.resolve(other, "http://127.0.0.1:9000/")).isInstanceOf(BlockedException.class);
        assertThatThrownBy(() -> guard.resolve("http://127.0.0.1:9000/")).isInstanceOf(BlockedException.class);
    }

    @Test
    @DisplayName(
            "with the switch on, loopback by its own name is delivered to, but a name of another's that leads there is not")
    void loopbackSwitch() {
        AddressGuard on = new AddressGuard(Resolver.system(), Loopback.ALLOWED);
        assertThatCode(() -> on.resolve("http://127.0.0.1:9000/")).doesNotThrowAnyException();
        assertThatCode(() -> on.resolve("http://localhost:9000/")).doesNotThrowAnyException();
        assertThatThrownBy(() -> on.resolve("http://127.0.0.1:22/")).isInstanceOf(BlockedException.class);
        AddressGuard rebound = new AddressGuard(says("127.0.0.1"), Loopback.ALLOWED);
        assertThatThrownBy(() -> rebound.resolve("https://attacker.example/")).isInstanceOf(BlockedException.class);
        AddressGuard off = new AddressGuard(Resolver.system(), Loopback.REFUSED);
        assertThatThrownBy(() -> off.resolve("http://127.0.0.1:9000/")).isInstanceOf(BlockedException.class);
        assertThatThrownBy(() -> off.resolve("https://localhost/")).isInstanceOf(BlockedException.class);
    }

    @Test
    @DisplayName("a name that has no address is told from one that is refused")
    void unknown() {
        AddressGuard guard = new AddressGuard(
                host -> {
                    throw new UnknownHostException(host);
                },
                Loopback.REFUSED);
        assertThatThrownBy(() -> guard.resolve("https://nowhere.example/")).isInstanceOf(UnknownHostException.class);
    }

    @Test
    @DisplayName("the self-attack finds nothing open in the real guard, and tries loopback only when the switch is off")
    void selfAttack() {
        assertThat(SelfAttack.through(new AddressGuard(Resolver.system(), Loopback.REFUSED)))
                .isEmpty();
        assertThat(SelfAttack.through(new AddressGuard(Resolver.system(), Loopback.ALLOWED)))
                .isEmpty();
    }

    @Test
    @DisplayName("the self-attack finds what a gate lets through that looks at the scheme alone")
    void selfAttackCanFail() {
        assertThat(SelfAttack.through(
                        url -> {
                            if (!url.startsWith("https://")) {
                                throw new BlockedException("must begin with https://");
                            }
                        },
                        Loopback.REFUSED))
                .contains("https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://127.0.0.1/")
                .doesNotContain("file:///etc/passwd");
    }
}
