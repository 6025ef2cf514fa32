package dev.gatehouse.gateway.snapshot;

import dev.gatehouse.kernel.directory.DirectorySnapshot;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.TimeUnit;

/** Listens to the directory's publications in Redis. They are hints: what is missed, the next poll finds. */
public final class DirectoryHint {
    private final RedisClient client;

    private DirectoryHint(RedisClient client) {
        this.client = client;
    }

    /** @param hint run at each publication, on a thread that must not be held up */
    public static DirectoryHint listen(String url, ClientResources resources, Runnable hint) {
        RedisURI uri = RedisURI.create(url);
        RedisClient client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder().autoReconnect(true).build());
        var subscribed = client.connectPubSubAsync(StringCodec.UTF8, uri).thenAccept(connection -> {
            connection.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String version) {
                    hint.run();
                }
            });
            var unused = connection.async().subscribe(DirectorySnapshot.CHANNEL);
        });
        return new DirectoryHint(client);
    }

    public void close() {
        var unused = client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }
}
