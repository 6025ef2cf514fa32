package dev.gatehouse.directory.key;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Tells addresses and CIDR ranges from other text, without asking any name server. */
final class AddressRange {
    private static final String V4 = "((25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\\.|$)){4}";

    private AddressRange() {}

    static boolean isOne(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean six = address.contains(":");
        if (six ? !isSix(address) : !(address.matches(V4) && !address.endsWith("."))) {
            return false;
        }
        String bits = slash < 0 ? "0" : text.substring(slash + 1);
        return bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= (six ? 128 : 32);
    }

    private static boolean isSix(String address) {
        if (address.contains("%") || address.length() > 45) {
            return false;
        }
        try {
            InetAddress unused = Inet6Address.ofLiteral(address);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
