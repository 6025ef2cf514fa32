package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.http.HttpCaller;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/** Snapshots of a service in another process of the installation. */
public final class HttpSnapshotSource implements SnapshotSource {
    private final Supplier<URI> base;
    private final String path;
    private final InternalSecrets secrets;
    private final HttpCaller caller;

    /**
     * @param base of the service's process; asked at each call, as it may move
     * @param path as in {@code /internal/listings/snapshot}
     */
    public HttpSnapshotSource(Supplier<URI> base, String path, InternalSecrets secrets, HttpCaller caller) {
        this.base = base;
        this.path = path;
        this.secrets = secrets;
        this.caller = caller;
    }

    @Override
    public Snapshot open() throws IOException {
        URI uri = base.get().resolve(path);
        HttpCaller.Streamed answer = caller.stream(uri, Map.of(InternalSecrets.PROCESS_HEADER, secrets.processToken()));
        if (answer.status() != 200) {
            answer.close();
            throw new IOException("there is no snapshot at " + uri + ": it answered with " + answer.status());
        }
        return SnapshotLines.read(answer.body());
    }
}
