package dev.gatehouse.bench.isolation;

import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.bench.sandbox.SandboxInstallation.Allowance;
import dev.gatehouse.bench.sandbox.SteadyLoad;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * The hostile tenant. It calls from 127.0.0.2, so that what an address may have is its own, and its load is bounded in
 * number and rate: the machine that it shares with what is measured has to have time for both.
 */
final class Attacker implements AutoCloseable {
    private static final String COSTLY =
            "/v2/listings?polygon=-84.5+41.2,-82.5+41.2,-82.5+42.2,-84.5+42.2&includeTotal=true&orderBy=-ListPrice&limit=500&minArea=";
    private static final String CHEAP = "/v2/listings?limit=2";
    private static final String BIG = "/v2/listings?limit=1000&minArea=";
    private static final String EVENTS = "/v2/events/stream";

    private final SandboxInstallation sandbox;
    private final InetAddress home;
    private final String rich;
    private final String poor;
    private final List<SteadyLoad> loads = new ArrayList<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final int divisor;
    private volatile boolean stopped;

    /** @param divisor of its numbers and rates, 1 for its full strength */
    Attacker(SandboxInstallation sandbox, String suffix, int divisor) throws IOException {
        this.sandbox = sandbox;
        this.divisor = divisor;
        home = InetAddress.ofLiteral("127.0.0.2");
        rich = sandbox.tenant("Hostile rich " + suffix, new Allowance("growth", 90_000_000, 60_000_000, 60_000_000));
        poor = sandbox.tenant("Hostile poor " + suffix, new Allowance("growth", 1_000, 1, 1));
    }

    /** @param quietPerSecond the quiet tenant's rate */
    void begin(Hostility hostility, int quietPerSecond) {
        switch (hostility) {
            case NONE -> {}
            case TEN_TIMES -> load(rich, 10 * quietPerSecond, 20, i -> CHEAP);
            case RATE_LIMITED -> load(poor, 1_000, 20, i -> CHEAP);
            case UNKNOWN_KEYS -> {
                for (int i = 0; i < 10; i++) {
                    load(ApiKey.generate(KeyMode.LIVE), 100, 2, n -> CHEAP);
                }
            }
            case COSTLY_QUERIES -> load(rich, 500, 50, i -> COSTLY + i);
            case CACHE_BUSTING -> load(rich, 300, 10, i -> "/v2/listings?limit=20&minArea=" + i);
            case SLOW_READERS -> sockets(200, (socket, i) -> read(socket, get(BIG + i)));
            case SLOW_WRITERS -> sockets(200, (socket, i) -> write(socket));
            case IDLE_CONNECTIONS -> sockets(5_000, (socket, i) -> hold(socket));
            case EVENT_STREAMS -> sockets(1_000, (socket, i) -> read(socket, get(EVENTS)));
            case STREAM_FLOOD -> sockets(20, (socket, i) -> streams(socket));
            case RAPID_RESET -> sockets(20, (socket, i) -> resets(socket));
        }
    }

    private String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: sandbox\r\nX-API-Key: " + rich + "\r\n\r\n";
    }

    private void load(String key, int perSecond, int connections, IntFunction<String> path) {
        loads.add(new SteadyLoad(
                sandbox.port(), home, key, Math.max(1, perSecond / divisor), Math.max(1, connections / divisor), path));
    }

    /** What is done on one connection until it is closed. */
    @FunctionalInterface
    private interface Deed {
        void on(Socket socket, int number) throws IOException;
    }

    private void sockets(int count, Deed deed) {
        for (int i = 0; i < Math.max(1, count / divisor); i++) {
            int number = i;
            Thread.ofVirtual().start(() -> {
                while (!stopped) {
                    Socket socket = new Socket();
                    sockets.add(socket);
                    try (socket) {
                        socket.setReceiveBufferSize(8 * 1024);
                        socket.bind(new InetSocketAddress(home, 0));
                        socket.connect(new InetSocketAddress("127.0.0.1", sandbox.port()), 10_000);
                        deed.on(socket, number);
                    } catch (IOException e) {
                        // cut off, as it should be: comes again
                    } finally {
                        sockets.remove(socket);
                    }
                    rest(1_000);
                }
            });
        }
    }

    private void read(Socket socket, String request) throws IOException {
        send(socket, request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        while (!stopped && in.read() >= 0) {
            rest(50);
        }
    }

    private void write(Socket socket) throws IOException {
        send(
                socket,
                ("POST /v2/webhooks/endpoints HTTP/1.1\r\nHost: sandbox\r\nX-API-Key: " + rich
                                + "\r\nContent-Length: 100000\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        while (!stopped) {
            send(socket, new byte[] {' '});
            rest(500);
        }
    }

    private void hold(Socket socket) throws IOException {
        socket.setSoTimeout(1_000);
        while (!stopped) {
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException e) {
                // still there
            }
        }
    }

    private void streams(Socket socket) throws IOException {
        send(socket, new Frames().open().bytes());
        drain(socket);
        for (int stream = 1; !stopped && stream < 2_000_000; stream += 200) {
            Frames frames = new Frames();
            for (int i = 0; i < 200; i += 2) {
                frames.get(stream + i, CHEAP, rich);
            }
            send(socket, frames.bytes());
            rest(1_000);
        }
    }

    private void resets(Socket socket) throws IOException {
        send(socket, new Frames().open().bytes());
        drain(socket);
        for (int stream = 1; !stopped && stream < 2_000_000; stream += 100) {
            Frames frames = new Frames();
            for (int i = 0; i < 100; i += 2) {
                frames.get(stream + i, CHEAP, rich).reset(stream + i);
            }
            send(socket, frames.bytes());
            rest(50);
        }
    }

    private static void drain(Socket socket) {
        Thread.ofVirtual().start(() -> {
            byte[] away = new byte[16 * 1024];
            try {
                while (socket.getInputStream().read(away) >= 0) {
                    // nobody reads it
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private static void rest(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        loads.forEach(SteadyLoad::close);
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
