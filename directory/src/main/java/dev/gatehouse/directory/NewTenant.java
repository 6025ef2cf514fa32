package dev.gatehouse.directory;

import org.jspecify.annotations.Nullable;

/**
 * A tenant to be made.
 *
 * @param name 1 to 120 characters
 * @param plan a plan's slug
 * @param slug null to have it made from the name
 */
public record NewTenant(String name, String plan, @Nullable String slug) {
    public static NewTenant of(String name, String plan) {
        return new NewTenant(name, plan, null);
    }
}
