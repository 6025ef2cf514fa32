package dev.gatehouse.app.installation;

/** @param adminUrl where the process that holds the folder is administered */
public record Running(long pid, String adminUrl) {}
