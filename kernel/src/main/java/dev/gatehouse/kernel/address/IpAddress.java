package dev.gatehouse.kernel.address;

import java.util.Locale;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address. Nothing is ever looked up, and a mapped address stays the IPv6 address that it is.
 *
 * @param family which protocol it is an address of
 * @param high the first 64 bits of an IPv6 address; 0 for IPv4
 * @param low the last 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 */
public record IpAddress(Family family, long high, long low) {
    /** Which protocol an address belongs to. */
    public enum Family {
        V4(32),
        V6(128);

        private final int bits;

        Family(int bits) {
            this.bits = bits;
        }

        public int bits() {
            return bits;
        }
    }

    private static final int GROUPS = 8;
    private static final int LONGEST_V4 = "255.255.255.255".length();
    private static final int LONGEST_V6 = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length();

    /**
     * Reads an address as it is usually written: IPv4 as four decimal numbers without leading zeros, IPv6 as RFC 4291,
     * section 2.2, has it. Brackets, zones, prefixes, and the octal, hexadecimal and shortened forms of IPv4 are refused.
     *
     * @return empty when the text is anything else
     * @see <a href="https://www.rfc-editor.org/rfc/rfc4291#section-2.2">RFC 4291, section 2.2</a>
     */
    public static Optional<IpAddress> parse(String text) {
        if (text.indexOf(':') >= 0) {
            return text.length() > LONGEST_V6 ? Optional.empty() : v6(text);
        }
        if (text.length() > LONGEST_V4) {
            return Optional.empty();
        }
        long bits = v4(text);
        return bits < 0 ? Optional.empty() : Optional.of(new IpAddress(Family.V4, 0, bits));
    }

    /**
     * @param octets 4 or 16 of them, in network order
     * @throws IllegalArgumentException for any other number
     */
    public static IpAddress of(byte[] octets) {
        return switch (octets.length) {
            case 4 -> new IpAddress(Family.V4, 0, number(octets, 0, 4));
            case 16 -> new IpAddress(Family.V6, number(octets, 0, 8), number(octets, 8, 8));
            default -> throw new IllegalArgumentException(octets.length + " octets are no address");
        };
    }

    private static long number(byte[] octets, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            number = number << 8 | (octets[i] & 0xff);
        }
        return number;
    }

    /** The 32 bits, or -1. */
    private static long v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return -1;
        }
        long bits = 0;
        for (String part : parts) {
            int octet = octet(part);
            if (octet < 0) {
                return -1;
            }
            bits = bits << 8 | octet;
        }
        return bits;
    }

    private static int octet(String part) {
        if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
            return -1;
        }
        int octet = 0;
        for (int i = 0; i < part.length(); i++) {
            char digit = part.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            octet = octet * 10 + digit - '0';
        }
        return octet > 255 ? -1 : octet;
    }

    private static Optional<IpAddress> v6(String text) {
        int gap = text.indexOf("::");
        if (gap != text.lastIndexOf("::") || (gap >= 0 && text.lastIndexOf('.', gap) >= 0)) {
            return Optional.empty();
        }
        int[] groups = new int[GROUPS];
        if (gap < 0) {
            return take(text, groups, 0) == GROUPS ? Optional.of(of(groups)) : Optional.empty();
        }
        int before = take(text.substring(0, gap), groups, 0);
        int[] behind = new int[GROUPS];
        int after = before < 0 ? -1 : take(text.substring(gap + 2), behind, before);
        if (after < 0 || before + after >= GROUPS) {
            return Optional.empty();
        }
        System.arraycopy(behind, 0, groups, GROUPS - after, after);
        return Optional.of(of(groups));
    }

    /**
     * Reads groups with colons between them, the last of which may be an IPv4 address.
     *
     * @param taken groups that stand before these
     * @return how many groups there were; negative when the text is wrong, or has too many
     */
    private static int take(String text, int[] into, int taken) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (part.indexOf('.') >= 0) {
                long bits = v4(part);
                if (bits < 0 || i != parts.length - 1 || taken + count + 2 > GROUPS) {
                    return -1;
                }
                into[count++] = (int) (bits >>> 16);
                into[count++] = (int) (bits & 0xffff);
            } else {
                int group = group(part);
                if (group < 0 || taken + count + 1 > GROUPS) {
                    return -1;
                }
                into[count++] = group;
            }
        }
        return count;
    }

    private static int group(String part) {
        if (part.isEmpty() || part.length() > 4) {
            return -1;
        }
        int group = 0;
        for (int i = 0; i < part.length(); i++) {
            char character = part.charAt(i);
            int digit = character < 0x80 ? Character.digit(character, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            group = group << 4 | digit;
        }
        return group;
    }

    private static IpAddress of(int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS / 2; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + GROUPS / 2];
        }
        return new IpAddress(Family.V6, high, low);
    }

    /** Whether the first {@code bits} bits are those of {@code other}, an address of the same family. */
    public boolean startsAs(IpAddress other, int bits) {
        if (family != other.family) {
            return false;
        }
        if (family == Family.V4) {
            return bits == 0 || (low ^ other.low) >>> (32 - bits) == 0;
        }
        long first = high ^ other.high;
        long second = low ^ other.low;
        if (bits <= 64) {
            return bits == 0 || first >>> (64 - bits) == 0;
        }
        return first == 0 && second >>> (128 - bits) == 0;
    }

    /** The IPv4 address that an IPv4-mapped one stands for (RFC 4291, section 2.5.5.2); any other is itself. */
    public IpAddress unmapped() {
        return family == Family.V6 && high == 0 && low >>> 32 == 0xffff
                ? new IpAddress(Family.V4, 0, low & 0xffff_ffffL)
                : this;
    }

    /** In network order. */
    public byte[] octets() {
        byte[] octets = new byte[family.bits() / 8];
        for (int i = 0; i < octets.length; i++) {
            int shift = octets.length - 1 - i;
            octets[i] = (byte) (shift < 8 ? low >>> (8 * shift) : high >>> (8 * (shift - 8)));
        }
        return octets;
    }

    /** As RFC 5952 writes it. */
    public String text() {
        return family == Family.V4 ? dotted(low) : grouped();
    }

    private static String dotted(long bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    private String grouped() {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            long half = i < 4 ? high : low;
            groups[i] = (int) (half >>> (16 * (3 - i % 4)) & 0xffff);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(String.format(Locale.ROOT, "%x", groups[i]));
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
