package dev.gatehouse.webhooks.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.webhooks.Diagnosis.Finding;
import dev.gatehouse.webhooks.Diagnosis.Outcome;
import dev.gatehouse.webhooks.guard.Destination;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Of a receiver's TLS the doctor says")
class TlsExaminationTest {
    private static final Instant NOW = Instant.now();
    private static final char[] PASSWORD = "only in memory".toCharArray();

    @SuppressWarnings("NullAway.Init")
    private static X509Bundle root;

    @SuppressWarnings("NullAway.Init")
    private static X509Bundle middle;

    @SuppressWarnings("NullAway.Init")
    private static KeyStore trusted;

    @BeforeAll
    static void authorities() throws Exception {
        root = new CertificateBuilder()
                .subject("CN=Trusted Root")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        middle = new CertificateBuilder()
                .subject("CN=Middle Authority")
                .setIsCertificateAuthority(true)
                .buildIssuedBy(root);
        trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("root", root.getCertificate());
    }

    private static CertificateBuilder leaf() {
        return new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .notBefore(NOW.minus(Duration.ofDays(30)))
                .notAfter(NOW.plus(Duration.ofDays(60)));
    }

    /** What is said of a server that shows these certificates. */
    private static Finding examine(X509Bundle leaf, X509Certificate... shown) throws Exception {
        // PKCS12 would refuse a chain that is out of order
        KeyStore keys = KeyStore.getInstance("JKS");
        keys.load(null, null);
        PrivateKey key = leaf.getKeyPair().getPrivate();
        keys.setKeyEntry("leaf", key, PASSWORD, shown);
        KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        try (SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread.startVirtualThread(() -> shake(server));
            return examine(server.getLocalPort());
        }
    }

    private static Finding examine(int port) throws IOException {
        Destination to = new Destination(
                URI.create("https://localhost:" + port + "/"), "localhost", port, InetAddress.getByName("127.0.0.1"));
        return new TlsExamination(trusted).examine(to, NOW);
    }

    private static void shake(SSLServerSocket server) {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
                int unused = socket.getInputStream().read();
            } catch (IOException e) {
                // the other side has seen enough, or the test is over
            }
        }
    }

    private static X509Certificate[] chain(X509Bundle leaf, X509Bundle... above) {
        X509Certificate[] chain = new X509Certificate[above.length + 1];
        chain[0] = leaf.getCertificate();
        for (int i = 0; i < above.length; i++) {
            chain[i + 1] = above[i].getCertificate();
        }
        return chain;
    }

    @Test
    @DisplayName("that it is good, with whom it is for and until when, when the whole chain is shown")
    void good() throws Exception {
        X509Bundle leaf = leaf().buildIssuedBy(middle);
        Finding found = examine(leaf, chain(leaf, middle));
        assertThat(found.outcome()).as(found.found()).isEqualTo(Outcome.GOOD);
        assertThat(found.found()).contains("TLSv1.3", "localhost", "Middle Authority", "issued by Trusted Root");
    }

    @Test
    @DisplayName("that it ends soon, while there is time to renew it")
    void endsSoon() throws Exception {
        X509Bundle leaf = leaf().notAfter(NOW.plus(Duration.ofDays(3))).buildIssuedBy(middle);
        Finding found = examine(leaf, chain(leaf, middle));
        assertThat(found.outcome()).as(found.found()).isEqualTo(Outcome.WARNING);
        assertThat(found.found()).containsPattern("ends in [23] days");
    }

    @Test
    @DisplayName("that the intermediate certificate is missing")
    void incomplete() throws Exception {
        X509Bundle leaf = leaf().buildIssuedBy(middle);
        Finding found = examine(leaf, chain(leaf));
        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.fix()).contains("intermediate");
    }

    @Test
    @DisplayName("which certificate of the chain is over, or not good yet")
    void times() throws Exception {
        X509Bundle over = leaf().notAfter(NOW.minus(Duration.ofDays(1))).buildIssuedBy(middle);
        Finding ended = examine(over, chain(over, middle));
        assertThat(ended.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(ended.found()).contains("localhost ended at");
        assertThat(ended.fix()).contains("Renew");
        X509Bundle old = new CertificateBuilder()
                .subject("CN=Old Authority")
                .setIsCertificateAuthority(true)
                .notBefore(NOW.minus(Duration.ofDays(90)))
                .notAfter(NOW.minus(Duration.ofDays(2)))
                .buildIssuedBy(root);
        X509Bundle below = leaf().buildIssuedBy(old);
        assertThat(examine(below, chain(below, old)).found()).contains("Old Authority ended at");
        X509Bundle early = leaf().notBefore(NOW.plus(Duration.ofDays(1))).buildIssuedBy(middle);
        assertThat(examine(early, chain(early, middle)).found()).contains("begins only at");
    }

    @Test
    @DisplayName("that it is signed by itself, made for another name, or of an authority that nobody trusts")
    void untrusted() throws Exception {
        X509Bundle own = leaf().setIsCertificateAuthority(true).buildSelfSigned();
        assertThat(examine(own, chain(own)).found()).contains("signed by itself");
        X509Bundle other = new CertificateBuilder()
                .subject("CN=hooks.example.com")
                .addSanDnsName("hooks.example.com")
                .buildIssuedBy(middle);
        Finding name = examine(other, chain(other, middle));
        assertThat(name.found()).contains("not made for localhost");
        X509Bundle stranger = new CertificateBuilder()
                .subject("CN=Stranger")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle below = leaf().buildIssuedBy(stranger);
        assertThat(examine(below, chain(below, stranger)).found()).contains("no authority that is trusted");
    }

    @Test
    @DisplayName("where the chain breaks, when certificates of another authority are shown")
    void wrongOrder() throws Exception {
        X509Bundle other = new CertificateBuilder()
                .subject("CN=Other Authority")
                .setIsCertificateAuthority(true)
                .buildIssuedBy(root);
        X509Bundle leaf = leaf().buildIssuedBy(middle);
        Finding found = examine(leaf, chain(leaf, other));
        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.found()).contains("issued by Middle Authority, but Other Authority comes next");
    }

    @Test
    @DisplayName("that nobody speaks TLS there")
    void none() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread.startVirtualThread(() -> {
                try (var socket = plain.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                } catch (IOException e) {
                    // the test is over
                }
            });
            Finding found = examine(plain.getLocalPort());
            assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(found.fix()).contains("speaks TLS");
        }
    }
}
