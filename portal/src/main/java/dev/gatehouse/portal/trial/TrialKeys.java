package dev.gatehouse.portal.trial;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.portal.IssuedKey;
import dev.gatehouse.portal.NewKey;
import dev.gatehouse.portal.Organisations;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The test key that calls tried in the portal are made with. It is made with the organisation or on first use, kept encrypted
 * (AES-256-GCM, the tenant's id as associated data), listed among the keys and revocable there like any other; when it does
 * not work any more, the next try makes another.
 */
public final class TrialKeys {
    /** How the key is called among the others. */
    public static final String NAME = "Try-it in the portal";

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom CHANCE = new SecureRandom();

    private final TrialKeyStore store;
    private final Organisations organisations;
    private final SecretKeySpec sealing;
    private final InstantSource clock;

    /** @param sealing 32 secret bytes, the same in every portal process */
    public TrialKeys(TrialKeyStore store, Organisations organisations, byte[] sealing, InstantSource clock) {
        this.store = store;
        this.organisations = organisations;
        this.sealing = new SecretKeySpec(sealing, "AES");
        this.clock = clock;
    }

    /** The text of a test key that works. */
    public String of(TenantId tenant, String actor) {
        Optional<TrialKeyStore.Kept> kept = store.find(tenant);
        if (kept.isPresent() && works(tenant, kept.get())) {
            return open(tenant, kept.get().sealed());
        }
        IssuedKey made = organisations.createKey(tenant, NewKey.named(NAME, KeyMode.TEST), actor);
        store.keep(tenant, new TrialKeyStore.Kept(made.summary().id(), seal(tenant, made.text())));
        return made.text();
    }

    private boolean works(TenantId tenant, TrialKeyStore.Kept kept) {
        return organisations.keys(tenant).stream()
                .anyMatch(key -> key.id().equals(kept.key()) && key.worksAt(clock.instant()));
    }

    private byte[] seal(TenantId tenant, String text) {
        byte[] nonce = new byte[NONCE];
        CHANCE.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, tenant, nonce, text.getBytes(StandardCharsets.US_ASCII));
        byte[] both = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, both, NONCE, sealed.length);
        return both;
    }

    private String open(TenantId tenant, byte[] sealed) {
        byte[] text = run(
                Cipher.DECRYPT_MODE,
                tenant,
                Arrays.copyOf(sealed, NONCE),
                Arrays.copyOfRange(sealed, NONCE, sealed.length));
        return new String(text, StandardCharsets.US_ASCII);
    }

    private byte[] run(int mode, TenantId tenant, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(tenant.value().getBytes(StandardCharsets.US_ASCII));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the test key of " + tenant + " cannot be read: was the installation's master secret changed?", e);
        }
    }
}
