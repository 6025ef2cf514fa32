package dev.gatehouse.events.changes;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.sandbox.SandboxHomes;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.json.Json;
import java.util.List;
import java.util.Set;

/** What test-mode keys are told: what happened to the sandbox's homes, which is over. */
final class SandboxFeed {
    private final List<DomainEvent> events = SandboxHomes.events(Json::text);

    FeedPage after(long sequence, Set<String> types, int limit) {
        return new FeedPage(
                events.stream()
                        .filter(event -> event.sequence() > sequence)
                        .filter(event -> types.isEmpty() || types.contains(event.type()))
                        .limit(limit)
                        .toList(),
                events.size());
    }
}
