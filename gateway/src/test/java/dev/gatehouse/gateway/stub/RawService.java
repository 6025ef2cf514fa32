package dev.gatehouse.gateway.stub;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service of which a test says octet by octet what it answers, and which keeps octet by octet what it was sent. Each
 * connection has a thread of its own.
 */
public final class RawService implements AutoCloseable {
    private final ServerSocket listening;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /** What it does about a request that it has read whole. */
    @FunctionalInterface
    public interface Script {
        void answer(Conversation with) throws IOException, InterruptedException;
    }

    public RawService(Script script) {
        this.script = script;
        try {
            listening = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** One connection. */
    public final class Conversation {
        private final Socket socket;
        private final InputStream in;
        private String head = "";
        private String body = "";

        Conversation(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
        }

        /** The request's head as it came, with its last empty line. */
        public String head() {
            return head;
        }

        public String body() {
            return body;
        }

        /** The request's target. */
        public String target() {
            return head.split(" ", 3)[1];
        }

        public void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        public void close() throws IOException {
            socket.close();
        }

        private boolean readRequest() throws IOException {
            String read = until("\r\n\r\n");
            if (read.isEmpty()) {
                return false;
            }
            head = read;
            String lower = head.toLowerCase(Locale.ROOT);
            int length = lower.indexOf("\r\ncontent-length:");
            if (lower.contains("\r\ntransfer-encoding:")) {
                body = chunks();
            } else if (length >= 0) {
                int end = lower.indexOf('\r', length + 2);
                int octets = Integer.parseInt(lower.substring(length + 17, end).strip());
                byte[] content = in.readNBytes(octets);
                if (content.length < octets) {
                    return false;
                }
                body = new String(content, StandardCharsets.ISO_8859_1);
            } else {
                body = "";
            }
            requests.add(head + body);
            return true;
        }

        private String chunks() throws IOException {
            StringBuilder all = new StringBuilder();
            while (true) {
                int size = Integer.parseInt(until("\r\n").strip(), 16);
                if (size == 0) {
                    String trailer = until("\r\n");
                    while (!trailer.isEmpty() && !trailer.equals("\r\n")) {
                        trailer = until("\r\n");
                    }
                    return all.toString();
                }
                all.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
                until("\r\n");
            }
        }

        private String until(String end) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            while (true) {
                int b = in.read();
                if (b < 0) {
                    return "";
                }
                out.write(b);
                if (b == '\n') {
                    String text = out.toString(StandardCharsets.ISO_8859_1);
                    if (text.endsWith(end)) {
                        return text;
                    }
                }
            }
        }
    }

    public String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Every request with its body, in the order in which they came. */
    public List<String> requests() {
        return requests;
    }

    /** Connections that were ever made. */
    public int connections() {
        return connections.get();
    }

    /** Connections that are over. */
    public int closed() {
        return closed.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Conversation conversation = new Conversation(socket);
            while (conversation.readRequest()) {
                script.answer(conversation);
            }
        } catch (IOException e) {
            // closed by either side
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed.incrementAndGet();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
