package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.authenticate.Authentication.Known;
import dev.gatehouse.gateway.authenticate.Authentication.Rejected;
import dev.gatehouse.gateway.authenticate.Authentication.Unseen;
import dev.gatehouse.gateway.snapshot.Digest;
import dev.gatehouse.gateway.snapshot.DirectoryIndex;
import dev.gatehouse.gateway.standing.Caller;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.tenant.TenantStatus;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells who calls by the key. Checks the key's form before anything is looked up. Belongs to one event loop. */
public final class Authenticator {
    private static final String BEARER = "Bearer ";

    private final DirectoryIndex index;
    private final MessageDigest sha256;
    private final byte[] text = new byte[ApiKey.LENGTH];
    private final byte[] hash = new byte[32];

    public Authenticator(DirectoryIndex index) {
        this.index = index;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * @param authorization the header {@code Authorization}
     * @param apiKey the header {@code X-API-Key}
     */
    public Authentication authenticate(
            @Nullable String authorization, @Nullable String apiKey, String address, long nowMillis) {
        String key;
        if (authorization != null) {
            if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return new Rejected(
                        ProblemCode.KEY_MALFORMED,
                        "The Authorization header is not of the form \"Bearer KEY\". Send your API key that way, or as"
                                + " X-API-Key.",
                        null);
            }
            key = authorization.substring(BEARER.length()).strip();
            if (apiKey != null && !apiKey.strip().equals(key)) {
                return new Rejected(
                        ProblemCode.KEY_MALFORMED,
                        "Authorization and X-API-Key name different keys. Send one of them.",
                        null);
            }
        } else if (apiKey != null) {
            key = apiKey.strip();
        } else {
            return new Rejected(
                    ProblemCode.KEY_MISSING,
                    "Send your API key as \"Authorization: Bearer KEY\" or \"X-API-Key: KEY\".",
                    null);
        }
        if (!ApiKey.isWellFormed(key)) {
            return new Rejected(
                    ProblemCode.KEY_MALFORMED,
                    "The key is not complete or has a wrong character: its checksum does not hold. Copy it again.",
                    null);
        }
        Digest digest = digest(key);
        Caller caller = index.find(digest);
        if (caller != null) {
            return check(caller, address, nowMillis);
        }
        return index.isRefused(digest) ? setAside() : new Unseen(digest);
    }

    /** What is said of a key whose record, or whose tenant's, cannot be used: let in by guesswork it is not. */
    private static Rejected setAside() {
        return new Rejected(
                ProblemCode.UNAVAILABLE,
                "What is stored about your key or your account cannot be read, so the call is not served. The operator"
                        + " has been told. Other keys and accounts are not affected.",
                null);
    }

    /** Whether a known key is in force and may be used from this address. */
    public static Authentication check(Caller caller, String address, long nowMillis) {
        if (caller.tenant().isSetAside()) {
            return setAside();
        }
        KeyEntry key = caller.key();
        Instant revoked = key.revokedAt();
        if (revoked != null && revoked.toEpochMilli() <= nowMillis) {
            return new Rejected(
                    ProblemCode.KEY_REVOKED,
                    "The key " + key.prefix() + "… was revoked at " + revoked + ". Use another key of your tenant.",
                    caller);
        }
        Instant expires = key.expiresAt();
        if (expires != null && expires.toEpochMilli() <= nowMillis) {
            return new Rejected(
                    ProblemCode.KEY_EXPIRED,
                    "The key " + key.prefix() + "… expired at " + expires + ". Use another key of your tenant.",
                    caller);
        }
        if (caller.tenant().entry().status() == TenantStatus.SUSPENDED) {
            return new Rejected(
                    ProblemCode.TENANT_SUSPENDED,
                    "The tenant " + caller.tenant().entry().slug() + " is suspended: no call of it is served. Ask the"
                            + " operator.",
                    caller);
        }
        if (!caller.addresses().isEmpty() && !caller.addresses().contains(address)) {
            return new Rejected(
                    ProblemCode.KEY_ADDRESS,
                    "The key " + key.prefix() + "… may not be used from " + address + ".",
                    caller);
        }
        return new Known(caller);
    }

    /** What is said of a key that nobody knows. */
    public static Rejected unknown() {
        return new Rejected(
                ProblemCode.KEY_UNKNOWN,
                "The key is well-formed and nobody's. Check that it belongs to this installation.",
                null);
    }

    @SuppressWarnings("deprecation")
    private Digest digest(String key) {
        try {
            // only the low octet of each character is taken, and a well-formed key is ASCII
            key.getBytes(0, ApiKey.LENGTH, text, 0);
            sha256.update(text);
            sha256.digest(hash, 0, hash.length);
            return Digest.of(hash);
        } catch (DigestException e) {
            throw new AssertionError("32 bytes hold a SHA-256", e);
        }
    }
}
