package dev.gatehouse.gateway.edge;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, and reads what comes back until the other side closes or says nothing for a while. */
final class RawBytes {
    private static final int CONNECT_MILLIS = 5_000;

    private RawBytes() {}

    /**
     * @param enough what the answer contains when there is no need to wait for more
     * @param silenceMillis after which nothing more is awaited
     */
    static Answer exchange(int port, byte[] bytes, String enough, int silenceMillis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            socket.setSoTimeout(silenceMillis);
            StringBuilder text = new StringBuilder();
            boolean closed = false;
            try {
                socket.getOutputStream().write(bytes);
                InputStream in = socket.getInputStream();
                byte[] buffer = new byte[16 * 1024];
                while (enough.isEmpty() || text.indexOf(enough) < 0) {
                    int n = in.read(buffer);
                    if (n < 0) {
                        closed = true;
                        break;
                    }
                    text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                }
            } catch (SocketTimeoutException e) {
                // it keeps the connection and says nothing: as told
            } catch (IOException e) {
                // reset while it was written to or read from
                closed = true;
            }
            return new Answer(text.toString(), closed);
        }
    }

    /**
     * @param text all that came back
     * @param closed whether the other side closed the connection
     */
    record Answer(String text, boolean closed) {
        /** Of the first answer; 0 when there was none. */
        int status() {
            return text.startsWith("HTTP/1.") && text.length() > 12 ? Integer.parseInt(text.substring(9, 12)) : 0;
        }

        int answers() {
            return text.split("HTTP/1\\.[01] ", -1).length - 1;
        }
    }
}
