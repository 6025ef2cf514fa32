package dev.gatehouse.e2e.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Takes spans as a collector does: OTLP over HTTP, of which it reads as much as the tests ask for.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto">
 *     trace.proto</a>
 */
public final class SpanCollector implements AutoCloseable {
    /** @param parent empty for a root */
    public record Span(String scope, String name, String trace, String id, String parent) {}

    /** What is done with one length-delimited field of a protobuf message. */
    private interface Field {
        void read(int number, ByteBuffer content);
    }

    private static final class Draft {
        String name = "";
        String trace = "";
        String id = "";
        String parent = "";
    }

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    public SpanCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    /** What {@code gatehouse.telemetry.otlp} has to be. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What came of one trace. */
    public List<Span> of(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        fields(
                ByteBuffer.wrap(body),
                (field, resource) -> fields(resource, (number, scoped) -> {
                    if (number == 2) {
                        scope(scoped);
                    }
                }));
        exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private void scope(ByteBuffer scoped) {
        String[] scope = {""};
        fields(scoped, (number, content) -> {
            if (number == 1) {
                fields(content, (field, text) -> {
                    if (field == 1) {
                        scope[0] = text(text);
                    }
                });
            } else if (number == 2) {
                Draft draft = new Draft();
                fields(content, (field, value) -> {
                    switch (field) {
                        case 1 -> draft.trace = hex(value);
                        case 2 -> draft.id = hex(value);
                        case 4 -> draft.parent = hex(value);
                        case 5 -> draft.name = text(value);
                        default -> {}
                    }
                });
                spans.add(new Span(scope[0], draft.name, draft.trace, draft.id, draft.parent));
            }
        });
    }

    private static void fields(ByteBuffer message, Field field) {
        while (message.hasRemaining()) {
            long tag = varint(message);
            switch ((int) (tag & 7)) {
                case 0 -> varint(message);
                case 1 -> message.position(message.position() + 8);
                case 2 -> {
                    int length = (int) varint(message);
                    field.read((int) (tag >>> 3), message.slice(message.position(), length));
                    message.position(message.position() + length);
                }
                case 5 -> message.position(message.position() + 4);
                default -> throw new IllegalArgumentException("no wire type of protobuf 3: " + (tag & 7));
            }
        }
    }

    private static long varint(ByteBuffer message) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String hex(ByteBuffer content) {
        return HexFormat.of().formatHex(bytes(content));
    }

    private static String text(ByteBuffer content) {
        return new String(bytes(content), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
