package dev.gatehouse.app.installation;

/** The tenant for a first look, and its key in the clear: kept in the installation's folder, readable by its owner only. */
public record Demo(String tenant, String slug, String key) {}
