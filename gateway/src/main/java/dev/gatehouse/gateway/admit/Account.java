package dev.gatehouse.gateway.admit;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What admission knows of a caller: its allowance, and the bytes of its script calls, made once.
 *
 * <p>Immutable; made anew when the tenant's limits or the key's share change.
 */
public final class Account {
    private final TenantId tenant;
    private final KeyId key;
    private final Allowance allowance;
    private final Balance balance;
    private final byte[] admitHead;
    private final byte[] settleHead;

    /** @param balance shared by all accounts of the tenant in this process */
    public Account(TenantId tenant, KeyId key, Allowance allowance, Balance balance) {
        this.tenant = tenant;
        this.key = key;
        this.allowance = allowance;
        this.balance = balance;
        admitHead = head(AdmissionScripts.ADMIT_SHA, 1);
        settleHead = head(AdmissionScripts.SETTLE_SHA, 4);
    }

    public TenantId tenant() {
        return tenant;
    }

    public KeyId key() {
        return key;
    }

    public Allowance allowance() {
        return allowance;
    }

    public Balance balance() {
        return balance;
    }

    /** The encoded EVALSHA up to its last argument, the cost. */
    byte[] admitHead() {
        return admitHead;
    }

    /** The encoded EVALSHA up to its last four arguments, which are of the {@link Debt}. */
    byte[] settleHead() {
        return settleHead;
    }

    private byte[] head(String sha, int openArguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        int keys = allowance.hasShare() ? 2 : 1;
        // EVALSHA sha numkeys key… burst refill daily share …
        out.writeBytes(ascii("*" + (3 + keys + 4 + openArguments) + "\r\n"));
        bulk(out, "EVALSHA");
        bulk(out, sha);
        bulk(out, Integer.toString(keys));
        bulk(out, AdmissionScripts.levelsKey(tenant));
        if (allowance.hasShare()) {
            bulk(out, AdmissionScripts.shareKey(tenant, key));
        }
        bulk(out, Long.toString(allowance.limits().burst()));
        bulk(out, Long.toString(allowance.limits().refillPerMinute()));
        bulk(out, Long.toString(allowance.limits().daily()));
        bulk(out, Long.toString(allowance.keyDaily()));
        return out.toByteArray();
    }

    private static void bulk(ByteArrayOutputStream out, String text) {
        out.writeBytes(ascii("$" + text.length() + "\r\n" + text + "\r\n"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
