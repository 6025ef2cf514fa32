package dev.gatehouse.webhooks.signature;

import dev.gatehouse.kernel.identity.InternalSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts secrets for the database with AES-256-GCM (NIST SP 800-38D), each bound to the endpoint that it belongs to. */
public final class SecretBox {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom CHANCE = new SecureRandom();

    private final SecretKeySpec key;

    public SecretBox(InternalSecrets secrets) {
        key = new SecretKeySpec(secrets.derive("webhooks secrets"), "AES");
    }

    public byte[] seal(String endpoint, Signer signer) {
        byte[] nonce = new byte[NONCE];
        CHANCE.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, endpoint, nonce, signer.text().getBytes(StandardCharsets.US_ASCII));
        byte[] both = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, both, NONCE, sealed.length);
        return both;
    }

    /** @throws IllegalStateException when it was sealed under another master secret or for another endpoint */
    public Signer open(String endpoint, byte[] sealed) {
        byte[] text = run(
                Cipher.DECRYPT_MODE,
                endpoint,
                Arrays.copyOf(sealed, NONCE),
                Arrays.copyOfRange(sealed, NONCE, sealed.length));
        return Signer.parse(new String(text, StandardCharsets.US_ASCII))
                .orElseThrow(() -> new IllegalStateException("the stored secret of " + endpoint + " is none"));
    }

    private byte[] run(int mode, String endpoint, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(endpoint.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the secret of " + endpoint + " cannot be read: was the installation's master secret changed?", e);
        }
    }
}
