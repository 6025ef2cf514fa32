package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a renewed certificate over without a restart: looks at the two files every few seconds. Connections that are open
 * stay as they are. A pair that does not fit together changes nothing and is named in the log until it does.
 */
public final class Certificate {
    /** How often the files are looked at. */
    public static final long LOOK_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Certificate.class);

    private final GatewaySettings.Tls files;
    private final List<GatewayLoop> loops;
    private volatile String shown;
    private volatile String refused = "";

    private Certificate(GatewaySettings.Tls files, List<GatewayLoop> loops) {
        this.files = files;
        this.loops = List.copyOf(loops);
        shown = fingerprint(read(files));
    }

    /** Watches the files until the loops' Vert.x is closed. */
    public static void watch(Vertx vertx, GatewaySettings.Tls files, List<GatewayLoop> loops) {
        Certificate certificate = new Certificate(files, loops);
        vertx.setPeriodic(
                LOOK_MILLIS, id -> vertx.executeBlocking(certificate::look).onFailure(certificate::complain));
    }

    static PemKeyCertOptions of(GatewaySettings.Tls files) {
        return new PemKeyCertOptions()
                .addCertPath(files.certificate().toString())
                .addKeyPath(files.key().toString());
    }

    private @Nullable Void look() {
        Pair pair = read(files);
        String found = fingerprint(pair);
        if (found.equals(shown) || found.equals(refused)) {
            return null;
        }
        ServerSSLOptions options = new ServerSSLOptions()
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(ServerSetup.PROTOCOLS)
                .setKeyCertOptions(
                        new PemKeyCertOptions().addCertValue(pair.certificate).addKeyValue(pair.key));
        ServerSetup.SUITES.forEach(options::addEnabledCipherSuite);
        options.setApplicationLayerProtocols(List.of("h2", "http/1.1"));
        Future.all(loops.stream().map(loop -> loop.certificate(options)).toList())
                .onSuccess(v -> {
                    shown = found;
                    LOG.info("the certificate in {} is shown from now on", files.certificate());
                })
                .onFailure(failure -> {
                    refused = found;
                    complain(failure);
                });
        return null;
    }

    private void complain(Throwable failure) {
        LOG.error(
                "the certificate in {} and the key in {} are not taken over, the ones before stay: {}",
                files.certificate(),
                files.key(),
                failure.getMessage());
    }

    private record Pair(Buffer certificate, Buffer key) {}

    private static Pair read(GatewaySettings.Tls files) {
        try {
            return new Pair(
                    Buffer.buffer(Files.readAllBytes(files.certificate())),
                    Buffer.buffer(Files.readAllBytes(files.key())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fingerprint(Pair pair) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(pair.certificate.getBytes());
            digest.update(pair.key.getBytes());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
