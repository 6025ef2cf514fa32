package dev.gatehouse.gateway.standing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Addresses and CIDR ranges (RFC 4632, RFC 4291 section 2.3). Names are never looked up. */
public final class AddressRanges {
    private static final AddressRanges ANY = new AddressRanges(List.of());

    private final List<Range> ranges;

    private AddressRanges(List<Range> ranges) {
        this.ranges = ranges;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Range(byte[] network, int bits) {
        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (address[i] != network[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >>> (8 - rest) == 0;
        }
    }

    /** @throws IllegalArgumentException when one of them is neither an address nor a range */
    public static AddressRanges parse(List<String> texts) {
        if (texts.isEmpty()) {
            return ANY;
        }
        List<Range> ranges = new ArrayList<>(texts.size());
        for (String text : texts) {
            int slash = text.indexOf('/');
            byte[] network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash))
                    .getAddress();
            int bits = slash < 0 ? network.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > network.length * 8) {
                throw new IllegalArgumentException(text + " is not an address range");
            }
            ranges.add(new Range(network, bits));
        }
        return new AddressRanges(List.copyOf(ranges));
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether one of the ranges holds this address; false for text that is no address. */
    public boolean contains(String address) {
        byte[] bytes;
        try {
            bytes = InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
        for (Range range : ranges) {
            if (range.contains(bytes)) {
                return true;
            }
        }
        return false;
    }
}
