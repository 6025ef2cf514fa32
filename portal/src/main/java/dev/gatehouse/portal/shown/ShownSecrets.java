package dev.gatehouse.portal.shown;

import dev.gatehouse.portal.account.Session;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hands a secret that a form made over to the page that follows, so that loading that page again sends no form again: it is
 * shown to the session that made it, once and once more, within a minute. Until then it is kept encrypted (AES-256-GCM, with
 * session and subject as associated data).
 */
public final class ShownSecrets {
    static final Duration LIFE = Duration.ofMinutes(1);
    private static final int TIMES = 2;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom CHANCE = new SecureRandom();

    private final ShownStore store;
    private final SecretKeySpec sealing;
    private final InstantSource clock;

    /** @param sealing 32 secret bytes, the same in every portal process */
    public ShownSecrets(ShownStore store, byte[] sealing, InstantSource clock) {
        this.store = store;
        this.sealing = new SecretKeySpec(sealing, "AES");
        this.clock = clock;
    }

    /** @param subject the id of what the secret belongs to */
    public void keep(Session session, String subject, String secret) {
        byte[] nonce = new byte[NONCE];
        CHANCE.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, session, subject, nonce, secret.getBytes(StandardCharsets.UTF_8));
        byte[] both = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, both, NONCE, sealed.length);
        store.keep(session.id(), subject, both, clock.instant().plus(LIFE), clock.instant());
    }

    /** The secret; empty when it was shown already, a minute is over, or it is another session's. */
    public Optional<String> show(Session session, String subject) {
        return store.show(session.id(), subject, TIMES, clock.instant())
                .map(kept -> new String(
                        run(
                                Cipher.DECRYPT_MODE,
                                session,
                                subject,
                                Arrays.copyOf(kept, NONCE),
                                Arrays.copyOfRange(kept, NONCE, kept.length)),
                        StandardCharsets.UTF_8));
    }

    private byte[] run(int mode, Session session, String subject, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD((session.id() + " " + subject).getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret that was kept for its page cannot be read", e);
        }
    }
}
