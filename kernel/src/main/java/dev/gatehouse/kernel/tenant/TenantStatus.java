package dev.gatehouse.kernel.tenant;

/** Whether a tenant's calls are served. */
public enum TenantStatus {
    ACTIVE,
    SUSPENDED
}
