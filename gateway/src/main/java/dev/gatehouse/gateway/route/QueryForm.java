package dev.gatehouse.gateway.route;

/** The normal form of a query: unreserved characters stand for themselves, escapes have capital digits. */
final class QueryForm {
    private QueryForm() {}

    static String of(String query) throws TargetFault {
        boolean escaped = false;
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw new TargetFault("The query holds a character that has to be percent-encoded.");
            }
            escaped |= c == '%';
        }
        return escaped ? rewritten(query) : query;
    }

    private static String rewritten(String query) throws TargetFault {
        StringBuilder out = new StringBuilder(query.length());
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int octet = PathForm.octet(query, i);
            i += 2;
            if (isUnreserved(octet)) {
                out.append((char) octet);
            } else {
                PathForm.escape(octet, out);
            }
        }
        return out.toString();
    }

    /** RFC 3986, section 2.3. */
    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '-'
                || octet == '.'
                || octet == '_'
                || octet == '~';
    }
}
