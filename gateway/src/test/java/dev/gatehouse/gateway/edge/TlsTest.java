package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.stub.CertificateFiles;
import dev.gatehouse.gateway.stub.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TLS")
class TlsTest {
    private static final int TLS_1_1 = 0x0302;
    private static final int TLS_1_2 = 0x0303;
    private static final int SERVER_SAYS_HELLO = 22;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "takes forward secrecy and authenticated encryption only, and shows a renewed certificate without a restart")
    void renewed() throws Exception {
        GatewaySettings.Tls files =
                new GatewaySettings.Tls(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        CertificateFiles.issue("first", folder, files);
        try (Sandbox sandbox = new Sandbox()) {
            GatewayModule gateway = sandbox.gateway(sandbox.settings("tls", GatewaySettings.Edge.standard(), 2, files));
            SSLSession session = handshake(gateway.port(), null);
            assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
            assertThat(name(session)).contains("CN=first");
            assertThat(handshake(gateway.port(), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
                            .getProtocol())
                    .isEqualTo("TLSv1.2");
            assertThatThrownBy(() -> handshake(gateway.port(), "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"))
                    .isInstanceOf(SSLException.class);

            assertThat(firstByte(gateway.port(), TLS_1_1)).isNotEqualTo(SERVER_SAYS_HELLO);
            assertThat(firstByte(gateway.port(), TLS_1_2)).isEqualTo(SERVER_SAYS_HELLO);

            // half of a pair changes nothing
            Files.writeString(files.key(), "no key");
            assertThat(name(handshake(gateway.port(), null))).contains("CN=first");

            CertificateFiles.issue("second", folder, files);
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() ->
                            assertThat(name(handshake(gateway.port(), null))).contains("CN=second"));
        }
    }

    /** The first byte of what a server answers to a client that speaks this version at the most; -1 when it hangs up. */
    private static int firstByte(int port, int version) throws IOException {
        ByteBuffer hello = ByteBuffer.allocate(128);
        hello.putShort((short) version);
        hello.put(new byte[32]).put((byte) 0);
        // ECDHE and RSA key exchange, each with a suite of TLS 1.1 and one of TLS 1.2
        short[] suites = {(short) 0xC013, (short) 0xC02F, 0x002F, (short) 0x009C};
        hello.putShort((short) (2 * suites.length));
        for (short suite : suites) {
            hello.putShort(suite);
        }
        hello.put((byte) 1).put((byte) 0);
        // curves: secp256r1 and x25519; signatures: RSA with SHA-256, by PKCS#1 and PSS
        byte[] extensions = {0, 10, 0, 6, 0, 4, 0, 23, 0, 29, 0, 11, 0, 2, 1, 0, 0, 13, 0, 6, 0, 4, 4, 1, 8, 4};
        hello.putShort((short) extensions.length).put(extensions).flip();
        int length = hello.remaining();
        ByteBuffer record = ByteBuffer.allocate(9 + length);
        record.put((byte) 22).put((byte) 3).put((byte) 1).putShort((short) (4 + length));
        record.put((byte) 1).put((byte) 0).putShort((short) length).put(hello);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(record.array());
            return socket.getInputStream().read();
        }
    }

    private static String name(SSLSession session) throws SSLException {
        return ((X509Certificate) session.getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static SSLSession handshake(int port, @Nullable String suite) throws IOException, GeneralSecurityException {
        // what the certificate says is what is looked at
        try (SSLSocket socket =
                (SSLSocket) CertificateFiles.trustAny().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            if (suite != null) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.setEnabledCipherSuites(new String[] {suite});
            }
            socket.startHandshake();
            return socket.getSession();
        }
    }
}
