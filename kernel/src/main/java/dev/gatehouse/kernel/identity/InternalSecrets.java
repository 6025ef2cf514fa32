package dev.gatehouse.kernel.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets of an installation, all derived from one master secret: HMAC-SHA-256 of a purpose's name, the expand step
 * of HKDF (RFC 5869) for a single block. Knowing one tells nothing of another.
 */
public final class InternalSecrets {
    /** The header with which one process of the installation shows itself to another on internal paths. */
    public static final String PROCESS_HEADER = "Gatehouse-Process";

    private final byte[] master;

    /** @param master at least 32 random bytes */
    public InternalSecrets(byte[] master) {
        if (master.length < 32) {
            throw new IllegalArgumentException("the master secret must have at least 32 bytes");
        }
        this.master = master.clone();
    }

    /** The key of the {@link IdentitySeal} of one of the installation's own services. */
    public byte[] identityKey(String service) {
        return derive("caller identity for " + service);
    }

    /**
     * The secret of a route to an operator's own service, under which {@link CallerToken} signs. It is made to be handed out:
     * nothing else can be derived from it.
     *
     * @param keyId tells the secrets apart that a route of this name has had
     */
    public String routeSecret(String route, String keyId) {
        return "ghs_" + Base64.getUrlEncoder().withoutPadding().encodeToString(derive("route " + route + " " + keyId));
    }

    /** The value of {@link #PROCESS_HEADER}. Compare it in constant time. */
    public String processToken() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(derive("process token"));
    }

    /** A key of 32 bytes for a purpose of a module's own, as in {@code webhooks secrets}. */
    public byte[] derive(String purpose) {
        Mac mac = hmac(master);
        mac.update(purpose.getBytes(StandardCharsets.UTF_8));
        return mac.doFinal(new byte[] {1});
    }

    static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "InternalSecrets[hidden]";
    }
}
