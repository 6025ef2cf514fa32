package dev.gatehouse.bench.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service that answers as it is asked to: {@code ?status=200&size=300&wait=5}. */
final class Upstream implements AutoCloseable {
    /** Marks an answer as the service's own. */
    static final String MARK = "X-From-Service";

    private static final Pattern WISH = Pattern.compile("status=(\\d+)&size=(\\d+)&wait=(\\d+)");

    private final HttpServer server;

    Upstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", Upstream::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Matcher wish = WISH.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
            if (!wish.find()) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(Long.parseLong(wish.group(3)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body =
                    "x".repeat(Integer.parseInt(wish.group(2))).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().set(MARK, "yes");
            exchange.sendResponseHeaders(Integer.parseInt(wish.group(1)), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
