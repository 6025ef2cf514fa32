package dev.gatehouse.gateway.arrive;

import io.netty.buffer.ByteBuf;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The line of version 1: {@code PROXY TCP4 source destination port port}, with single spaces and CRLF (section 2.1). */
final class ProxyHeadV1 {
    static final byte[] START = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    private static final int FIELDS = 6;

    private ProxyHeadV1() {}

    static ProxyHead read(ByteBuf in) {
        int start = in.readerIndex();
        int seen = Math.min(in.readableBytes(), ProxyHead.MOST_V1);
        int feed = in.indexOf(start, start + seen, (byte) '\n');
        for (int i = start + START.length; i < (feed < 0 ? start + seen : feed - 1); i++) {
            byte octet = in.getByte(i);
            // a carriage return may be the last that has come of a line
            boolean mayEnd = octet == '\r' && feed < 0 && i == start + seen - 1;
            if ((octet < ' ' || octet == 0x7f) && !mayEnd) {
                return new ProxyHead.Malformed("the line holds an octet that it may not hold");
            }
        }
        if (feed < 0) {
            return seen < ProxyHead.MOST_V1 ? new ProxyHead.Partial() : new ProxyHead.Malformed("the line has no end");
        }
        int length = feed + 1 - start;
        if (in.getByte(feed - 1) != '\r') {
            return new ProxyHead.Malformed("the line does not end with CRLF");
        }
        return of(in.toString(start, length - 2, StandardCharsets.US_ASCII), length);
    }

    private static ProxyHead of(String line, int length) {
        if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
            // what follows is to be ignored
            return new ProxyHead.Own(length);
        }
        String[] field = line.split(" ", -1);
        if (field.length != FIELDS) {
            return new ProxyHead.Malformed("the line has not six fields");
        }
        boolean six = field[1].equals("TCP6");
        if (!six && !field[1].equals("TCP4")) {
            return new ProxyHead.Malformed("the protocol is none of TCP4, TCP6 and UNKNOWN");
        }
        InetAddress source = six ? address6(field[2]) : address4(field[2]);
        InetAddress destination = six ? address6(field[3]) : address4(field[3]);
        int port = port(field[4]);
        if (source == null || destination == null || port < 0 || port(field[5]) < 0) {
            return new ProxyHead.Malformed("an address or a port is malformed");
        }
        return new ProxyHead.Client(new InetSocketAddress(source, port), length);
    }

    private static @Nullable InetAddress address4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        for (String part : parts) {
            if (number(part, 255) < 0) {
                return null;
            }
        }
        return InetAddress.ofLiteral(text);
    }

    private static @Nullable InetAddress address6(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return null;
            }
        }
        try {
            // of an IPv4 address in IPv6 form it makes what it stands for
            return text.indexOf(':') < 0 ? null : Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int port(String text) {
        return number(text, 65_535);
    }

    /** A decimal number without leading zeros; -1 when it is none, or larger. */
    private static int number(String text, int most) {
        if (text.isEmpty() || text.length() > 5 || (text.length() > 1 && text.charAt(0) == '0')) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = 10 * number + (c - '0');
        }
        return number > most ? -1 : number;
    }
}
