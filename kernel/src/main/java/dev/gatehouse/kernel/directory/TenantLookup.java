package dev.gatehouse.kernel.directory;

/**
 * The directory's answer to whether there is a tenant. It says no in so many words: a 404 may come from anyone.
 *
 * @param known whether there is one, whatever its status
 */
public record TenantLookup(boolean known) {}
