package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.gateway.forward.AnswerReader.Question;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("An answer that a service sends")
class AnswerReaderTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    /** What was heard of one answer. */
    private static final class Heard implements AnswerReader.Sink {
        private final List<Integer> heads = new ArrayList<>();
        private final StringBuilder body = new StringBuilder();
        private long length = -2;
        private int ends;

        @Override
        public void head(AnswerHead head) {
            heads.add(head.status());
            length = head.length();
        }

        @Override
        public void piece(ByteBuf octets) {
            body.append(octets.toString(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void end(@Nullable ByteBuf last) {
            if (last != null) {
                piece(last);
            }
            ends++;
        }
    }

    /** What became of an answer that came in pieces of so many octets. */
    private record Read(
            Heard heard, AnswerReader reader, @Nullable String fault) {}

    private static Read read(Question question, String text, int pieces) {
        Heard heard = new Heard();
        AnswerReader reader = new AnswerReader(heard);
        reader.ask(question);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        try {
            for (int at = 0; at < bytes.length; at += pieces) {
                ByteBuf piece = Unpooled.copiedBuffer(bytes, at, Math.min(pieces, bytes.length - at));
                reader.read(piece);
                assertThat(piece.isReadable() && heard.ends > 0).isFalse();
            }
            return new Read(heard, reader, null);
        } catch (BadAnswer e) {
            return new Read(heard, reader, e.getMessage());
        }
    }

    /** In one piece, octet by octet, and in between: always the same. */
    private static Read read(Question question, String text) {
        Read whole = read(question, text, Integer.MAX_VALUE);
        for (int pieces : new int[] {1, 2, 3, 7, 16}) {
            Read cut = read(question, text, pieces);
            assertThat(cut.fault).as("in pieces of " + pieces).isEqualTo(whole.fault);
            assertThat(cut.heard.heads).isEqualTo(whole.heard.heads);
            assertThat(cut.heard.body.toString()).isEqualTo(whole.heard.body.toString());
            assertThat(cut.heard.ends).isEqualTo(whole.heard.ends);
            assertThat(cut.reader.isReusable() && cut.fault == null)
                    .isEqualTo(whole.reader.isReusable() && whole.fault == null);
        }
        return whole;
    }

    private static Map<String, String> bad() {
        Map<String, String> c = new LinkedHashMap<>();
        c.put("another version", "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n");
        c.put("HTTP/2.0 in words", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n");
        c.put("a version in small letters", "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        c.put("another protocol", "ICY 200 OK\r\n\r\n");
        c.put("no status line", "Content-Length: 0\r\n\r\n");
        c.put("an empty line first", "\r\n" + OK + "Content-Length: 0\r\n\r\n");
        c.put("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n");
        c.put("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n");
        c.put("a status that is no number", "HTTP/1.1 2x0 OK\r\n\r\n");
        c.put("a negative status", "HTTP/1.1 -20 OK\r\n\r\n");
        c.put("the status 000", "HTTP/1.1 000 OK\r\n\r\n");
        c.put("the status 099", "HTTP/1.1 099 OK\r\n\r\n");
        c.put("the status 600", "HTTP/1.1 600 OK\r\n\r\n");
        c.put("the status 999", "HTTP/1.1 999 OK\r\n\r\n");
        c.put("a null byte in the status line", "HTTP/1.1 200 O\0K\r\n\r\n");
        c.put("two spaces before the status", "HTTP/1.1  200 OK\r\n\r\n");
        c.put("101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
        c.put("both lengths", OK + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        c.put("both lengths, the other way round", OK + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc");
        c.put("two lengths", OK + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc");
        c.put("two equal lengths", OK + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc");
        c.put("a list of lengths", OK + "Content-Length: 3, 3\r\n\r\nabc");
        c.put("a length with a sign", OK + "Content-Length: +3\r\n\r\nabc");
        c.put("a negative length", OK + "Content-Length: -3\r\n\r\nabc");
        c.put("a hexadecimal length", OK + "Content-Length: 0x3\r\n\r\nabc");
        c.put("a length beyond 64 bits", OK + "Content-Length: 18446744073709551619\r\n\r\nabc");
        c.put("an empty length", OK + "Content-Length:\r\n\r\n");
        c.put("another coding", OK + "Transfer-Encoding: gzip\r\n\r\n");
        c.put("chunked among codings", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        c.put("chunked twice", OK + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        c.put("chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        c.put("a folded line", OK + "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n");
        c.put("a fold by a tab", OK + "X-A: b\r\n\tc\r\nContent-Length: 0\r\n\r\n");
        c.put("a space before a colon", OK + "Content-Length : 0\r\n\r\n");
        c.put("a header without a colon", OK + "Content-Length\r\n\r\n");
        c.put("a header without a name", OK + ": x\r\n\r\n");
        c.put("a null byte in a header", OK + "X-A: b\0c\r\nContent-Length: 0\r\n\r\n");
        c.put("a bare carriage return in a header", OK + "X-A: b\rX-B: c\r\nContent-Length: 0\r\n\r\n");
        c.put("lines ended by line feeds", OK.replace("\r", "") + "Content-Length: 0\n\n");
        c.put("a head without an end", OK + "X: " + "a".repeat(70_000));
        c.put("a thousand headers", OK + "X-A: b\r\n".repeat(1_000) + "\r\n");
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
        for (String size : List.of(
                "g",
                "",
                "-1",
                "+1",
                "0x1",
                " 1",
                "1 ",
                "1 ;a",
                "10000000000000000",
                "100000000000000001",
                "ffffffffffffffffff",
                "0000000000000003",
                "3,3",
                "3\0")) {
            c.put("the chunk size '" + size + "'", chunked + size + "\r\nabc\r\n0\r\n\r\n");
        }
        c.put("a chunk longer than it says", chunked + "2\r\nabc\r\n0\r\n\r\n");
        c.put("a chunk shorter than it says", chunked + "4\r\nabc\r\n0\r\n\r\n");
        c.put("a chunk's line ended by a line feed", chunked + "3\nabc\r\n0\r\n\r\n");
        c.put("a line feed in a chunk's extension", chunked + "3;a\nb\r\nabc\r\n0\r\n\r\n");
        c.put("a chunk's extension without an end", chunked + "3;" + "a".repeat(5_000));
        c.put("a trailer that is none", chunked + "0\r\nabc\r\n\r\n");
        c.put("trailers without an end", chunked + "0\r\n" + "X-A: b\r\n".repeat(5_000));
        c.put("answers in advance without an end", "HTTP/1.1 102 Processing\r\n\r\n".repeat(50));
        c.put("octets behind the end", OK + "Content-Length: 3\r\n\r\nabcd");
        c.put("octets behind the last chunk", chunked + "3\r\nabc\r\n0\r\n\r\nx");
        c.put("an answer behind the end", OK + "Content-Length: 0\r\n\r\n" + OK + "Content-Length: 0\r\n\r\n");
        c.put("an answer in advance behind the end", OK + "Content-Length: 0\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n");
        c.put("a body with 204", "HTTP/1.1 204 No Content\r\n\r\nabc");
        c.put("a body with 304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\nabc");
        return c;
    }

    @TestFactory
    @DisplayName("leaves its connection in doubt when it has")
    Stream<DynamicTest> refused() {
        return bad().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    Read read = read(Question.OTHER, each.getValue());
                    assertThat(read.fault).isNotNull();
                }));
    }

    @Test
    @DisplayName("to HEAD has no body, whatever its length; one that is sent leaves the connection in doubt")
    void head() {
        Read read = read(Question.HEAD, OK + "Content-Length: 3\r\n\r\n");
        assertThat(read.fault).isNull();
        assertThat(read.heard.length).isEqualTo(3);
        assertThat(read.heard.ends).isEqualTo(1);
        assertThat(read.reader.isReusable()).isTrue();
        assertThat(read(Question.HEAD, OK + "Content-Length: 3\r\n\r\nabc").fault)
                .isNotNull();
        assertThat(read(Question.HEAD, OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").fault)
                .isNotNull();
    }

    @Test
    @DisplayName("is read whole by its length and by its chunks, and its connection kept")
    void whole() {
        for (String text : List.of(
                OK + "content-length:   3  \r\n\r\nabc",
                OK + "Transfer-Encoding: Chunked\r\n\r\n1;a=b\r\na\r\n02\r\nbc\r\n0\r\nX-Trailer: x\r\n\r\n")) {
            Read read = read(Question.OTHER, text);
            assertThat(read.fault).isNull();
            assertThat(read.heard.heads).containsExactly(200);
            assertThat(read.heard.body.toString()).isEqualTo("abc");
            assertThat(read.heard.ends).isEqualTo(1);
            assertThat(read.reader.isReusable()).isTrue();
        }
    }

    @Test
    @DisplayName("in advance is passed over for the final one, and its connection is not kept")
    void inAdvance() {
        for (int status : new int[] {100, 102, 103, 104, 199}) {
            Read read = read(
                    Question.OTHER,
                    "HTTP/1.1 " + status
                            + " Wait\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\n"
                                    .replace("Transfer-Encoding: x\r\n", "")
                            + OK + "Content-Length: 3\r\n\r\nabc");
            assertThat(read.fault).isNull();
            assertThat(read.heard.heads).containsExactly(200);
            assertThat(read.heard.body.toString()).isEqualTo("abc");
            assertThat(read.reader.isReusable()).isFalse();
        }
    }

    @Test
    @DisplayName("by an old version, or with Connection: close, or until the end is not followed by another")
    void notKept() throws BadAnswer {
        for (String text : List.of(
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc",
                OK + "Connection: x, Close\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n")) {
            Read read = read(Question.OTHER, text);
            assertThat(read.fault).isNull();
            assertThat(read.heard.ends).isEqualTo(1);
            assertThat(read.reader.isReusable()).isFalse();
        }
        Read open = read(Question.OTHER, OK + "\r\nabc");
        assertThat(open.heard.ends).isZero();
        open.reader.closed();
        assertThat(open.heard.ends).isEqualTo(1);
        assertThat(open.heard.body.toString()).isEqualTo("abc");
        assertThat(open.reader.isReusable()).isFalse();
    }

    @Test
    @DisplayName("that ends too early is no answer")
    void broken() {
        String text = OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        for (int length = 0; length < text.length(); length++) {
            Read read = read(Question.OTHER, text.substring(0, length), Integer.MAX_VALUE);
            assertThat(read.fault).isNull();
            assertThat(read.heard.ends).isZero();
            assertThatThrownBy(read.reader::closed).isInstanceOf(BadAnswer.class);
        }
    }

    @Test
    @DisplayName("that nobody has asked for is an octet too many")
    void unasked() throws BadAnswer {
        Read read = read(Question.OTHER, OK + "Content-Length: 0\r\n\r\n");
        read.reader.rest();
        assertThatThrownBy(() -> read.reader.read(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII)))
                .isInstanceOf(BadAnswer.class);
        Read next = read(Question.OTHER, OK + "Content-Length: 0\r\n\r\n");
        next.reader.rest();
        next.reader.ask(Question.OTHER);
        next.reader.read(Unpooled.copiedBuffer(OK + "Content-Length: 2\r\n\r\nhi", StandardCharsets.US_ASCII));
        assertThat(next.heard.body.toString()).isEqualTo("hi");
    }
}
