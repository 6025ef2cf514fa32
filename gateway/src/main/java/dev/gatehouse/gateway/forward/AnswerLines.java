package dev.gatehouse.gateway.forward;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * The lines of an answer's head, one after another, and what they say about where its body ends. Whatever two readers could
 * take differently is refused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, section 6.3, message body length</a>
 */
final class AnswerLines {
    static final int LONGEST_HEAD = 64 * 1024;

    private static final int MOST_LINES = 512;
    /** Of eighteen digits, so that no sum of two overflows. */
    private static final int LONGEST_LENGTH = 18;

    private int status;
    private MultiMap headers = HttpHeaders.headers();
    private int octets;
    private int lines;
    private long length = -1;
    private Coding coding = Coding.NONE;
    private Version version = Version.HTTP_1_1;
    private Persistence persistence = Persistence.KEPT;

    private enum Version {
        HTTP_1_0,
        HTTP_1_1
    }

    /** What Transfer-Encoding says. */
    private enum Coding {
        NONE,
        CHUNKED
    }

    /** Whether the connection outlives the answer. */
    enum Persistence {
        KEPT,
        CLOSED
    }

    void clear() {
        status = 0;
        headers = HttpHeaders.headers();
        octets = 0;
        lines = 0;
        length = -1;
        coding = Coding.NONE;
        version = Version.HTTP_1_1;
        persistence = Persistence.KEPT;
    }

    /** Takes one line without its end. The first is the status line. */
    void take(byte[] line, int size) throws BadAnswer {
        octets += size + 2;
        if (octets > LONGEST_HEAD || ++lines > MOST_LINES) {
            throw new BadAnswer("a head of more than " + LONGEST_HEAD + " octets or " + MOST_LINES + " lines");
        }
        if (status == 0) {
            statusLine(line, size);
        } else {
            field(line, size);
        }
    }

    private void statusLine(byte[] line, int size) throws BadAnswer {
        // HTTP/1.1 200 OK, of which the words may be missing
        boolean plain = size >= 12
                && line[0] == 'H'
                && line[1] == 'T'
                && line[2] == 'T'
                && line[3] == 'P'
                && line[4] == '/'
                && line[5] == '1'
                && line[6] == '.'
                && (line[7] == '1' || line[7] == '0')
                && line[8] == ' '
                && (size == 12 || line[12] == ' ');
        if (!plain) {
            throw new BadAnswer("a status line that is none of HTTP/1.1 or HTTP/1.0");
        }
        int code = 0;
        for (int i = 9; i < 12; i++) {
            if (line[i] < '0' || line[i] > '9') {
                throw new BadAnswer("a status that is not a number");
            }
            code = code * 10 + line[i] - '0';
        }
        if (code < 100 || code > 599) {
            throw new BadAnswer("the status " + code);
        }
        for (int i = 12; i < size; i++) {
            if (isControl(line[i])) {
                throw new BadAnswer("a control character in its status line");
            }
        }
        if (line[7] == '0') {
            version = Version.HTTP_1_0;
            persistence = Persistence.CLOSED;
        }
        status = code;
    }

    private void field(byte[] line, int size) throws BadAnswer {
        int colon = 0;
        while (colon < size && isTokenCharacter(line[colon])) {
            colon++;
        }
        if (colon == 0 || colon == size || line[colon] != ':') {
            throw new BadAnswer(
                    colon == 0 && (line[0] == ' ' || line[0] == '\t')
                            ? "a folded header line"
                            : "a header line whose name is none");
        }
        int from = colon + 1;
        int to = size;
        while (from < to && (line[from] == ' ' || line[from] == '\t')) {
            from++;
        }
        while (to > from && (line[to - 1] == ' ' || line[to - 1] == '\t')) {
            to--;
        }
        for (int i = from; i < to; i++) {
            if (isControl(line[i])) {
                throw new BadAnswer("a control character in a header");
            }
        }
        String name = new String(line, 0, colon, StandardCharsets.ISO_8859_1);
        String value = new String(line, from, to - from, StandardCharsets.ISO_8859_1);
        switch (colon) {
            case 10 -> {
                if (name.equalsIgnoreCase("connection")) {
                    connection(value);
                }
            }
            case 14 -> {
                if (name.equalsIgnoreCase("content-length")) {
                    length(value);
                }
            }
            case 17 -> {
                if (name.equalsIgnoreCase("transfer-encoding")) {
                    coding(value);
                }
            }
            default -> {}
        }
        headers.add(name, value);
    }

    private void connection(String value) {
        for (String option : value.split(",")) {
            if (option.strip().equalsIgnoreCase("close")) {
                persistence = Persistence.CLOSED;
            }
        }
    }

    private void length(String value) throws BadAnswer {
        if (length >= 0) {
            throw new BadAnswer("more than one Content-Length");
        }
        if (value.isEmpty() || value.length() > LONGEST_LENGTH) {
            throw new BadAnswer("a Content-Length that is no number of octets");
        }
        long octetsOfBody = 0;
        for (int i = 0; i < value.length(); i++) {
            char digit = value.charAt(i);
            if (digit < '0' || digit > '9') {
                throw new BadAnswer("a Content-Length that is no number of octets");
            }
            octetsOfBody = octetsOfBody * 10 + digit - '0';
        }
        length = octetsOfBody;
    }

    private void coding(String value) throws BadAnswer {
        if (coding != Coding.NONE || !value.equalsIgnoreCase("chunked")) {
            throw new BadAnswer("a transfer coding other than \"chunked\"");
        }
        coding = Coding.CHUNKED;
    }

    int status() {
        return status;
    }

    Persistence persistence() {
        return persistence;
    }

    /** The head is complete. */
    AnswerHead head(AnswerReader.Question question) throws BadAnswer {
        if (coding == Coding.CHUNKED && length >= 0) {
            throw new BadAnswer("both Content-Length and Transfer-Encoding");
        }
        if (coding == Coding.CHUNKED && version == Version.HTTP_1_0) {
            throw new BadAnswer("a transfer coding in HTTP/1.0");
        }
        AnswerHead.Body body;
        if (question == AnswerReader.Question.HEAD || status == 204 || status == 304) {
            body = AnswerHead.Body.NONE;
            if (status == 204 && (length > 0 || coding == Coding.CHUNKED)) {
                // there is no body, whatever it says; what the service thinks is behind the head is not waited for
                persistence = Persistence.CLOSED;
                length = -1;
            }
        } else if (coding == Coding.CHUNKED) {
            body = AnswerHead.Body.CHUNKED;
        } else if (length >= 0) {
            body = AnswerHead.Body.LENGTH;
        } else {
            body = AnswerHead.Body.UNTIL_CLOSE;
            persistence = Persistence.CLOSED;
        }
        return new AnswerHead(status, headers, length, body);
    }

    static boolean isControl(byte octet) {
        return (octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f;
    }

    /** RFC 9110, section 5.6.2. */
    static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || (c > ' ' && c < 0x7f && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }
}
