package dev.gatehouse.directory.admin;

/**
 * Who calls the admin API.
 *
 * @param name for the audit log: {@code operator:} and the token's id, or {@code operator:owner}
 */
public record Operator(String name, OperatorRole role) {}
