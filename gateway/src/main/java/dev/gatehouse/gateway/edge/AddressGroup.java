package dev.gatehouse.gateway.edge;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Who counts as one client by address: an IPv4 address, also when it is written as an IPv6 one, and a /64 of IPv6, which is
 * the least that a subscriber is given (RFC 6177).
 */
final class AddressGroup {
    private AddressGroup() {}

    private record Network(long prefix) {}

    /** Equal for addresses of the same client; text that is no address stands for itself. */
    static Object of(String address) {
        int zone = address.indexOf('%');
        try {
            byte[] bytes = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone))
                    .getAddress();
            return bytes.length == 4
                    ? ByteBuffer.wrap(bytes).getInt()
                    : new Network(ByteBuffer.wrap(bytes).getLong());
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
