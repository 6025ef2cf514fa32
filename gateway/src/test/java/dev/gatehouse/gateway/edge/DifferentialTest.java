package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.route.RequestTarget;
import dev.gatehouse.gateway.stub.RawService;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends the same octets through the gateway and through other proxies, and compares what a service gets of each. */
@DisplayName("What the gateway takes for a request")
class DifferentialTest {
    private static final int SILENCE_MILLIS = 1_500;

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    /**
     * A request as a service got it.
     *
     * @param target in its normal form, as the others forward it in the form in which it came
     */
    private record Seen(String method, String target, String body) {
        static Seen of(String request) {
            String[] line = request.substring(0, request.indexOf("\r\n")).split(" ", 3);
            RequestTarget target = RequestTarget.of(line[1]);
            return new Seen(
                    line[0],
                    target instanceof RequestTarget.Normal normal
                            ? normal.path() + "?" + normal.query()
                            : "malformed " + line[1],
                    bodyOf(request));
        }

        private static String bodyOf(String request) {
            return request.substring(request.indexOf("\r\n\r\n") + 4);
        }
    }

    private RawService service() {
        RawService service = new RawService(with -> with.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        open.add(service);
        return service;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Map<String, String> corpus(String head) {
        Map<String, String> c = new LinkedHashMap<>();
        String get = "GET /v2/raw/a HTTP/1.1\r\n" + head;
        String post = "POST /v2/raw/a HTTP/1.1\r\n" + head;
        String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
        String last = "GET /v2/raw/last HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n";
        for (String path : new String[] {
            "/v2/raw/%65xport",
            "/v2/raw/a%20b",
            "/v2/raw/%c3%a4",
            "/v2/raw/a:b@c",
            "/v2/raw/a+b",
            "/v2/raw/a%2Bb",
            "/v2/raw/a?b=%41",
            "/v2/raw/a?b=c?d",
            "/v2/raw/a?",
            "/v2/raw/a?b=c&b=d",
            "/v2/raw/a%25",
            "/v2/raw/",
            "/v2/raw/~a!$&'()*,="
        }) {
            c.put("the target " + path, "GET " + path + " HTTP/1.1\r\n" + head + "\r\n" + last);
        }
        c.put("the absolute form", "GET http://a/v2/raw/x?y HTTP/1.1\r\n" + head + "\r\n" + last);
        c.put("a body by length", post + "Content-Length: 5\r\n\r\nhello" + last);
        c.put("a length with leading zeros", post + "Content-Length: 0005\r\n\r\nhello" + last);
        c.put("a length among blanks", post + "Content-Length: \t 5 \r\n\r\nhello" + last);
        c.put("no body", post + "Content-Length: 0\r\n\r\n" + last);
        c.put("a GET with a body", get + "Content-Length: 5\r\n\r\nhello" + last);
        c.put("a DELETE with a body", get.replace("GET", "DELETE") + "Content-Length: 5\r\n\r\nhello" + last);
        c.put("one chunk", chunked + "5\r\nhello\r\n0\r\n\r\n" + last);
        c.put("three chunks", chunked + "1\r\nh\r\n3\r\nell\r\n1\r\no\r\n0\r\n\r\n" + last);
        c.put("a size in capitals", chunked + "A\r\n0123456789\r\n0\r\n\r\n" + last);
        c.put("a size with leading zeros", chunked + "00005\r\nhello\r\n0000\r\n\r\n" + last);
        c.put("a chunk extension", chunked + "5;a=b\r\nhello\r\n0;c\r\n\r\n" + last);
        c.put("a quoted chunk extension", chunked + "5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n" + last);
        c.put("trailers", chunked + "5\r\nhello\r\n0\r\nX-Trailer: a\r\nX-Other: b\r\n\r\n" + last);
        c.put("a trailer that is a length", chunked + "5\r\nhello\r\n0\r\nContent-Length: 7\r\n\r\n" + last);
        c.put("a body that looks like a request", post + "Content-Length: " + last.length() + "\r\n\r\n" + last + last);
        c.put("a chunk that looks like an end", chunked + "7\r\n0\r\n\r\nab\r\n0\r\n\r\n" + last);
        c.put("a coding in capitals", post + "TRANSFER-ENCODING: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + last);
        c.put("an empty header", get + "X-A:\r\nX-B: \r\n\r\n" + last);
        c.put("octets beyond ASCII", get + "X-A: \u00e4\u00ff\r\n\r\n" + last);
        c.put("a tab in a value", get + "X-A: b\tc\r\n\r\n" + last);
        c.put("an empty line before the request line", "\r\n" + get + "\r\n" + last);
        c.put("an underscored length", post + "Content_Length: 7\r\nContent-Length: 5\r\n\r\nhello" + last);
        c.put("an underscored coding", post + "Transfer_Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello" + last);
        c.put("HTTP/1.0 with a length", post.replace("1.1", "1.0") + "Content-Length: 5\r\n\r\nhello" + last);
        c.put(
                "HTTP/1.0, kept alive",
                post.replace("1.1", "1.0") + "Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello" + last);
        c.put("two requests", get + "\r\n" + post + "Content-Length: 5\r\n\r\nhello" + last);
        return c;
    }

    private static List<Seen> through(int port, RawService service, String octets) throws IOException {
        service.requests().clear();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
            byte[] buffer = new byte[16 * 1024];
            while (socket.getInputStream().read(buffer) >= 0) {
                // until it is closed
            }
        } catch (IOException e) {
            // nothing more comes
        }
        return Stream.of(service.requests().toArray(String[]::new))
                .map(Seen::of)
                .toList();
    }

    private int start(String program, String configuration, int port, String... command) throws IOException {
        Path file = folder.resolve(program + ".conf");
        Files.writeString(file, configuration);
        List<String> all = new ArrayList<>(List.of(command));
        all.add(file.toString());
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program + ".out").toFile())
                .start();
        open.add(() -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor();
        });
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
        return port;
    }

    private static Path find(String program) {
        for (String folder : new String[] {"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"}) {
            Path path = Path.of(folder, program);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        return Path.of("");
    }

    private void compare(RawService others, int port, String name) throws IOException {
        Sandbox sandbox = new Sandbox();
        open.add(sandbox);
        RawService ours = service();
        sandbox.directory.route(Sandbox.open("raw", "/v2/raw", ours.url()));
        GatewayModule gateway = sandbox.gateway("differential");
        String key = sandbox.directory.key(sandbox.directory.tenant("diff", new Limits(10_000, 10_000, 10_000)));
        sandbox.synced(gateway);
        List<String> differing = new ArrayList<>();
        List<String> refusedByThem = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, String> each :
                corpus("Host: a\r\nX-API-Key: " + key + "\r\n").entrySet()) {
            List<Seen> here = through(gateway.port(), ours, each.getValue());
            if (here.isEmpty()) {
                differing.add(each.getKey() + " is not taken here, and proves nothing");
                continue;
            }
            List<Seen> there = through(port, others, each.getValue());
            if (there.isEmpty()) {
                refusedByThem.add(each.getKey());
            } else if (!there.equals(here)) {
                differing.add(each.getKey() + ": here " + here + ", in " + name + " " + there);
            } else {
                compared++;
            }
        }
        assertThat(differing).isEmpty();
        assertThat(compared)
                .as("read the same way; %s refuses %s", name, refusedByThem)
                .isGreaterThan(30);
    }

    @Test
    @DisplayName("nginx takes for the same: target, length and body")
    void nginx() throws IOException {
        Path program = find("nginx");
        assumeTrue(
                Files.isRegularFile(program),
                "skipped: there is no nginx on this machine (apt-get install nginx-light)");
        RawService others = service();
        int port = freePort();
        String configuration = """
                daemon off;
                pid FOLDER/nginx.pid;
                error_log FOLDER/nginx.log;
                USER
                worker_processes 1;
                events {}
                http {
                  access_log off;
                  client_body_temp_path FOLDER/body;
                  proxy_temp_path FOLDER/proxy;
                  fastcgi_temp_path FOLDER/fastcgi;
                  uwsgi_temp_path FOLDER/uwsgi;
                  scgi_temp_path FOLDER/scgi;
                  server {
                    listen 127.0.0.1:PORT;
                    location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass SERVICE; }
                  }
                }
                """.replace("FOLDER", folder.toString())
                .replace("PORT", Integer.toString(port))
                .replace("SERVICE", others.url())
                .replace("USER", "root".equals(System.getProperty("user.name")) ? "user root;" : "");
        compare(
                others,
                start("nginx", configuration, port, program.toString(), "-p", folder.toString(), "-c"),
                "nginx");
    }

    @Test
    @DisplayName("HAProxy takes for the same: target, length and body")
    void haproxy() throws IOException {
        Path program = find("haproxy");
        assumeTrue(
                Files.isRegularFile(program), "skipped: there is no HAProxy on this machine (apt-get install haproxy)");
        RawService others = service();
        int port = freePort();
        String configuration = """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 10s
                  timeout server 10s
                frontend in
                  bind 127.0.0.1:PORT
                  default_backend out
                backend out
                  server one SERVICE
                """.replace("PORT", Integer.toString(port))
                .replace("SERVICE", others.url().substring("http://".length()));
        compare(others, start("haproxy", configuration, port, program.toString(), "-db", "-f"), "HAProxy");
    }
}
