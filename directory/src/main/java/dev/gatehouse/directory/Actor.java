package dev.gatehouse.directory;

import org.jspecify.annotations.Nullable;

/**
 * Who makes a change, for the audit log.
 *
 * @param name as in {@code operator:otk_…}, {@code member:mem_…} or {@code process:billing}
 * @param reason why; null when none was given
 * @param requestId the request that it came with; null outside of one
 */
public record Actor(
        String name, @Nullable String reason, @Nullable String requestId) {
    public static Actor process(String role) {
        return new Actor("process:" + role, null, null);
    }

    public Actor because(String why) {
        return new Actor(name, why, requestId);
    }
}
