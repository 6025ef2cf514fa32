package dev.gatehouse.bench.crash;

import dev.gatehouse.bench.crash.CallRecord.Sight;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's worth of load. It speaks HTTP/1.1 on a bare socket and never repeats a request by itself, so that it
 * knows of each whether the answer came whole.
 */
final class Caller implements Callable<Void> {
    private static final String UNKNOWN_KEY = ApiKey.generate(KeyMode.LIVE);
    private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 404, 500};

    private final String name;
    private final int[] ports;
    private final CrashDirectory directory;
    private final Random chance;
    private final BooleanSupplier isOver;
    private final int pauseMillis;
    private final Consumer<CallRecord> records;
    private @Nullable Socket socket;
    private @Nullable InputStream in;
    private int number;
    private int turn;

    Caller(
            String name,
            int[] ports,
            CrashDirectory directory,
            long seed,
            BooleanSupplier isOver,
            int pauseMillis,
            Consumer<CallRecord> records) {
        this.name = name;
        this.ports = ports.clone();
        this.turn = name.charAt(name.length() - 1);
        this.directory = directory;
        this.chance = new Random(seed);
        this.isOver = isOver;
        this.pauseMillis = pauseMillis;
        this.records = records;
    }

    @Override
    public Void call() throws InterruptedException {
        while (!isOver.getAsBoolean()) {
            try {
                if (socket == null) {
                    connect();
                }
            } catch (IOException e) {
                close();
                TimeUnit.MILLISECONDS.sleep(20);
                continue;
            }
            one();
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
        }
        close();
        return null;
    }

    private void connect() throws IOException {
        Socket made = new Socket();
        made.setTcpNoDelay(true);
        made.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[Math.floorMod(turn++, ports.length)]),
                1_000);
        made.setSoTimeout(60_000);
        socket = made;
        in = new BufferedInputStream(made.getInputStream());
    }

    private void one() {
        String id = name + "-" + ++number;
        int kind = chance.nextInt(20);
        CrashDirectory.@Nullable Customer customer = kind == 0 ? null : kind < 3 ? directory.narrow : directory.wide;
        TenantId tenant = customer == null ? null : customer.tenant();
        String request = "GET /v2/homes?status=" + STATUSES[chance.nextInt(STATUSES.length)] + "&size="
                + (1 + chance.nextInt(3_000)) + "&wait=" + (chance.nextInt(10) == 0 ? chance.nextInt(60) : 0)
                + " HTTP/1.1\r\nHost: crash\r\nX-API-Key: " + (customer == null ? UNKNOWN_KEY : customer.key())
                + "\r\nX-Request-ID: " + id + "\r\n\r\n";
        Socket to = socket;
        InputStream from = in;
        if (to == null || from == null) {
            return;
        }
        try {
            to.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            Answer answer = Answer.read(from);
            records.accept(new CallRecord(id, tenant, Sight.WHOLE, answer.status(), answer.refusal()));
            if (answer.closes()) {
                close();
            }
        } catch (IOException e) {
            records.accept(new CallRecord(id, tenant, Sight.CUT, 0, null));
            close();
        }
    }

    private void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        } finally {
            socket = null;
        }
    }

    /** An answer that came whole. */
    private record Answer(
            int status, boolean closes, @Nullable String refusal) {
        static Answer read(InputStream in) throws IOException {
            int status = Integer.parseInt(line(in).split(" ")[1]);
            int length = 0;
            boolean closes = false;
            boolean byService = false;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                int colon = header.indexOf(':');
                String field = header.substring(0, colon);
                String value = header.substring(colon + 1).strip();
                if (field.equalsIgnoreCase("content-length")) {
                    length = Integer.parseInt(value);
                } else if (field.equalsIgnoreCase("connection")) {
                    closes = value.equalsIgnoreCase("close");
                } else if (field.equalsIgnoreCase(Upstream.MARK)) {
                    byService = true;
                }
            }
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new IOException("the answer was cut");
            }
            return new Answer(status, closes, byService ? null : code(new String(body, StandardCharsets.UTF_8)));
        }

        /** The problem's code; null for one that stands for a service that was asked, which is a call like any other. */
        private static @Nullable String code(String problem) {
            int at = problem.indexOf("\"code\":\"") + 8;
            String code = problem.substring(at, problem.indexOf('"', at));
            return code.startsWith("upstream_") ? null : code;
        }

        private static String line(InputStream in) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    throw new IOException("the answer was cut");
                }
                line.write(octet);
            }
            return line.toString(StandardCharsets.US_ASCII).stripTrailing();
        }
    }
}
