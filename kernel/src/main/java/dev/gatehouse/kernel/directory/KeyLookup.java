package dev.gatehouse.kernel.directory;

/** The directory's answer to a gateway that missed a key: the key and its tenant. */
public record KeyLookup(KeyEntry key, TenantEntry tenant) {}
