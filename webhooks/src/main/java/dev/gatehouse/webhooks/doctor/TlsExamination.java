package dev.gatehouse.webhooks.doctor;

import dev.gatehouse.webhooks.Diagnosis.Finding;
import dev.gatehouse.webhooks.guard.Destination;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Shakes hands with a receiver and looks at the certificates it shows: whom they are for, until when they hold, whether
 * they lead to an authority that is trusted, and what breaks the chain where they do not. Nothing is sent beyond the
 * handshake.
 */
final class TlsExamination {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final Duration SOON = Duration.ofDays(14);

    private final @Nullable KeyStore authorities;

    /** Trusts whom the platform trusts. */
    TlsExamination() {
        this(null);
    }

    /** @param authorities whom to trust; null for whom the platform trusts */
    TlsExamination(@Nullable KeyStore authorities) {
        this.authorities = authorities;
    }

    Finding examine(Destination to, Instant now) {
        if (!to.isTls()) {
            return Finding.skipped("tls", "The URL is http: a receiver on this machine, for trials.");
        }
        Chain chain = new Chain(authorities);
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(to.address(), to.port()), PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {chain}, null);
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, to.host(), to.port(), false)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                if (!to.host().contains(":") && to.host().chars().anyMatch(Character::isLetter)) {
                    parameters.setServerNames(List.of(new SNIHostName(to.host())));
                }
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return holds(chain.shown, socket.getSession().getProtocol(), now);
            }
        } catch (IOException | GeneralSecurityException e) {
            return chain.shown.isEmpty()
                    ? Finding.failed(
                            "tls",
                            "There was no TLS handshake: " + e.getMessage(),
                            "See that the server listens on port " + to.port() + " and speaks TLS 1.2 or 1.3 there.")
                    : broken(chain, to, now, e);
        }
    }

    private static Finding holds(List<X509Certificate> shown, String protocol, Instant now) {
        X509Certificate leaf = shown.getFirst();
        Duration left = Duration.between(now, leaf.getNotAfter().toInstant());
        String found = protocol + "; " + described(shown);
        return left.compareTo(SOON) < 0
                ? Finding.warning(
                        "tls",
                        found + "; it ends in " + left.toDays() + " days",
                        "Renew the certificate, and see that the renewal runs by itself.")
                : Finding.good("tls", found);
    }

    private static Finding broken(Chain chain, Destination to, Instant now, Exception why) {
        List<X509Certificate> shown = chain.shown;
        X509Certificate leaf = shown.getFirst();
        String found = described(shown);
        for (X509Certificate one : shown) {
            if (now.isAfter(one.getNotAfter().toInstant())) {
                return Finding.failed(
                        "tls",
                        found + ". " + name(one.getSubjectX500Principal().getName()) + " ended at "
                                + one.getNotAfter().toInstant(),
                        "Renew it.");
            }
            if (now.isBefore(one.getNotBefore().toInstant())) {
                return Finding.failed(
                        "tls",
                        found + ". " + name(one.getSubjectX500Principal().getName()) + " begins only at "
                                + one.getNotBefore().toInstant(),
                        "Use the one before until then, or set the clock right of whoever issued it.");
            }
        }
        if (leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
            return Finding.failed(
                    "tls",
                    found + ". It is signed by itself, so nobody vouches for it.",
                    "Use a certificate of a public authority; Let's Encrypt gives them for nothing.");
        }
        String said = String.valueOf(why.getMessage()).toLowerCase(Locale.ROOT);
        if (chain.isTrusted || said.contains("subject alternative") || said.contains("no name matching")) {
            return Finding.failed(
                    "tls",
                    found + ". It is not made for " + to.host() + ".",
                    "Use a certificate that names " + to.host() + ", or give an address that the certificate names.");
        }
        for (int i = 0; i + 1 < shown.size(); i++) {
            X509Certificate above = shown.get(i + 1);
            if (!shown.get(i).getIssuerX500Principal().equals(above.getSubjectX500Principal())) {
                return Finding.failed(
                        "tls",
                        found + ". The chain breaks: "
                                + name(shown.get(i).getSubjectX500Principal().getName()) + " was issued by "
                                + name(shown.get(i).getIssuerX500Principal().getName()) + ", but "
                                + name(above.getSubjectX500Principal().getName()) + " comes next.",
                        "Let the server send each certificate right before the one that issued it, its own first.");
            }
        }
        return Finding.failed(
                "tls",
                found + ". The chain leads to no authority that is trusted.",
                shown.size() == 1
                        ? "The server shows its own certificate alone: let it send the intermediate one, too (the"
                                + " \"full chain\" file)."
                        : "Let the server send the whole chain in order, from its own certificate to the one below the"
                                + " authority's.");
    }

    private static String described(List<X509Certificate> shown) {
        List<String> names = new ArrayList<>();
        for (X509Certificate one : shown) {
            names.add(name(one.getSubjectX500Principal().getName()));
        }
        X509Certificate last = shown.getLast();
        return "certificates of " + String.join(", then ", names) + ", issued by "
                + name(last.getIssuerX500Principal().getName()) + ", good until "
                + shown.getFirst().getNotAfter().toInstant();
    }

    /** The CN of a name, or as much of it as is fit to be shown. */
    private static String name(String distinguished) {
        String shown = distinguished.replaceFirst(".*?CN=([^,]*).*", "$1");
        return shown.substring(0, Math.min(100, shown.length())).replaceAll("\\p{Cntrl}", "?");
    }

    /** Trusts what the platform trusts and keeps in mind what was shown. */
    private static final class Chain extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager platform;
        private List<X509Certificate> shown = List.of();
        private boolean isTrusted;

        Chain(@Nullable KeyStore authorities) {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(authorities);
                platform = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no certificates of authorities", e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            shown = List.of(chain);
            platform.checkServerTrusted(chain, type);
            isTrusted = true;
            platform.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            shown = List.of(chain);
            platform.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            shown = List.of(chain);
            platform.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            platform.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            platform.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            platform.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return platform.getAcceptedIssuers();
        }
    }
}
