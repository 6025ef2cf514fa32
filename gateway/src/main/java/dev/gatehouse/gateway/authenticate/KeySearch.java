package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.snapshot.Digest;
import dev.gatehouse.gateway.snapshot.DirectoryClient;
import dev.gatehouse.gateway.standing.Caller;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Looks for a key that the snapshot does not hold, as it may be new: by a question for it alone, or, in a flood of such keys,
 * by the next answer to what has changed, which all who wait share. So a new key works on the call that follows its creation
 * beside any number of keys of nobody, and these cost the directory a hundred questions a second at most and 10 more for
 * each address. Shared by all event loops.
 */
public final class KeySearch {
    private final DirectoryClient directory;
    private final UnknownKeys unknown = new UnknownKeys();

    public KeySearch(DirectoryClient directory) {
        this.directory = directory;
    }

    /**
     * @param client whoever counts as one by address
     * @return the caller; empty when the directory knows no such key; failed when that could not be found out within 50 ms
     */
    public Future<Optional<Caller>> find(Digest digest, Object client) {
        if (unknown.isKnownToBeUnknown(digest)) {
            return Future.succeededFuture(Optional.empty());
        }
        Future<Optional<Caller>> found = unknown.mayAsk(client)
                ? directory.lookup(digest).onComplete(v -> unknown.wasAsked())
                : directory
                        .refreshed()
                        .map(v -> Optional.ofNullable(directory.index().find(digest)));
        return found.onSuccess(caller -> {
            if (caller.isEmpty()) {
                unknown.remember(digest);
            }
        });
    }
}
