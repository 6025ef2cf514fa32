package dev.gatehouse.portal.sandbox;

import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedPage;
import java.util.List;
import java.util.OptionalLong;

/** A feed in which nothing happens. */
final class SilentFeed implements Feed {
    @Override
    public long take(List<OutboxBatch> batches) {
        return 0;
    }

    @Override
    public FeedPage after(long sequence, int limit) {
        return new FeedPage(List.of(), 0);
    }

    @Override
    public OptionalLong sequenceAt(String service, long position) {
        return OptionalLong.empty();
    }
}
