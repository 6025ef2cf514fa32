package dev.gatehouse.webhooks.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries to get through the guard the ways attackers do. Run at start: a worker whose guard lets one of them through must
 * not run. What is tried names no host of anyone's; nothing is sent.
 */
public final class SelfAttack {
    private static final List<String> INSIDE = List.of(
            "https://10.0.0.1/",
            "https://172.31.255.254/",
            "https://192.168.1.1/",
            "https://100.64.0.1/",
            "https://100.100.100.200/latest/meta-data",
            "https://169.254.169.254/latest/meta-data/",
            "https://168.63.129.16/metadata",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[fe80::1]/",
            "https://[fd00:ec2::254]/latest/meta-data",
            "https://[2002:7f00:1::]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
            "https://[ff02::1]/",
            "https://[::]/",
            "http://example.com/",
            "ftp://example.com/",
            "https://example.com:22/",
            "https://user:secret@example.com/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://017700000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "file:///etc/passwd");

    private static final List<String> LOOPBACK = List.of(
            "https://127.0.0.1/",
            "https://127.8.8.8:8443/",
            "https://localhost/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "http://127.0.0.1:8080/");

    private SelfAttack() {}

    /** The attacks that got through; empty when the guard holds. Loopback is tried only when it is refused. */
    public static List<String> through(AddressGuard guard) {
        List<String> attacks = new ArrayList<>(INSIDE);
        if (guard.loopback() == Loopback.REFUSED) {
            attacks.addAll(LOOPBACK);
        }
        List<String> through = new ArrayList<>();
        for (String attack : attacks) {
            if (isLetThrough(guard, attack)) {
                through.add(attack);
            }
        }
        AddressGuard mixed =
                new AddressGuard(host -> List.of(address(93, 184, 215, 14), address(10, 0, 0, 1)), guard.loopback());
        if (isLetThrough(mixed, "https://mixed.example/")) {
            through.add("a name with a public and a private address");
        }
        return through;
    }

    private static boolean isLetThrough(AddressGuard guard, String url) {
        try {
            guard.resolve(url);
            return true;
        } catch (BlockedException | UnknownHostException e) {
            return false;
        }
    }

    private static InetAddress address(int... parts) {
        byte[] bytes = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            bytes[i] = (byte) parts[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
