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
            "https://[::ffff:10.0.0.1]/",
            "https://[::10.0.0.1]/",
            "https://[64:ff9b:1::a00:1]/",
            "https://[2606:4700::5efe:10.0.0.1]/",
            "https://①②⑦.⓪.⓪.①/",
            "https://%31%30.0.0.1/",
            "https://metadata.google.internal/",
            "https://example.com:443@10.0.0.1/",
            "https://example.com\\@10.0.0.1/",
            "file:///etc/passwd");

    private static final List<String> LOOPBACK = List.of(
            "https://127.0.0.1/",
            "https://127.8.8.8:8443/",
            "https://localhost/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "http://127.0.0.1:8080/");

    private SelfAttack() {}

    /** What is attacked: lets a URL through, or throws. */
    public interface Gate {
        void pass(String url) throws BlockedException, UnknownHostException;
    }

    /** The attacks that got through; empty when the guard holds. Loopback is tried only when it is refused. */
    public static List<String> through(AddressGuard guard) {
        List<String> through = new ArrayList<>(through(guard::resolve, guard.loopback()));
        AddressGuard mixed =
                new AddressGuard(host -> List.of(address(93, 184, 215, 14), address(10, 0, 0, 1)), guard.loopback());
        if (isLetThrough(mixed::resolve, "https://mixed.example/")) {
            through.add("a name with a public and a private address");
        }
        return through;
    }

    /** The URLs that got through. */
    public static List<String> through(Gate gate, Loopback loopback) {
        List<String> attacks = new ArrayList<>(INSIDE);
        if (loopback == Loopback.REFUSED) {
            attacks.addAll(LOOPBACK);
        }
        return attacks.stream().filter(attack -> isLetThrough(gate, attack)).toList();
    }

    private static boolean isLetThrough(Gate gate, String url) {
        try {
            gate.pass(url);
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
