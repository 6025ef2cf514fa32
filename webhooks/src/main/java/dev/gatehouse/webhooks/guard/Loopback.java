package dev.gatehouse.webhooks.guard;

/** Whether receivers on this machine are delivered to: for local trials only. */
public enum Loopback {
    ALLOWED,
    REFUSED
}
