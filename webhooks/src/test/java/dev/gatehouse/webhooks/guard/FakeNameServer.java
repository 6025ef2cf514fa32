package dev.gatehouse.webhooks.guard;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A name server on this machine that answers, refuses or keeps silent, name by name. */
final class FakeNameServer implements AutoCloseable {
    /** @param address of the A record; null for none. @param code of RFC 1035, section 4.1.1 */
    record Answer(@Nullable String address, int ttl, int code) {}

    static final Answer SERVFAIL = new Answer(null, 0, 2);
    static final Answer NXDOMAIN = new Answer(null, 0, 3);
    private static final int A = 1;

    private final DatagramSocket socket;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

    FakeNameServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
    }

    /** What is not answered is met with silence. */
    void answers(String name, Answer answer) {
        answers.put(name, answer);
    }

    void keepsSilentAbout(String name) {
        answers.remove(name);
    }

    /** How often the name's A record was asked for. */
    int asked(String name) {
        AtomicInteger count = asked.get(name);
        return count == null ? 0 : count.get();
    }

    private void serve() {
        byte[] buffer = new byte[1_500];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                answer(packet);
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answer(DatagramPacket packet) throws IOException {
        ByteBuffer query = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        short id = query.getShort();
        query.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        short type = query.getShort();
        query.getShort();
        byte[] question = new byte[query.position() - 12];
        System.arraycopy(packet.getData(), 12, question, 0, question.length);
        if (type == A) {
            asked.computeIfAbsent(name.toString(), key -> new AtomicInteger()).incrementAndGet();
        }
        Answer answer = answers.get(name.toString());
        if (answer == null) {
            return;
        }
        boolean hasRecord = type == A && answer.address() != null;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8180 | answer.code());
        out.writeShort(1);
        out.writeShort(hasRecord ? 1 : 0);
        out.writeShort(0);
        out.writeShort(0);
        out.write(question);
        if (hasRecord) {
            out.writeShort(0xc00c);
            out.writeShort(A);
            out.writeShort(1);
            out.writeInt(answer.ttl());
            byte[] octets = InetAddress.getByName(answer.address()).getAddress();
            out.writeShort(octets.length);
            out.write(octets);
        }
        socket.send(new DatagramPacket(bytes.toByteArray(), bytes.size(), packet.getSocketAddress()));
    }

    @Override
    public void close() {
        socket.close();
    }
}
