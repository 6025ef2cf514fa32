package dev.gatehouse.portal.page;

import java.util.Locale;

/** The entries of the rail, in their order. */
public enum Section {
    HOME("Home", "/"),
    KEYS("Keys", "/keys"),
    USAGE("Usage", "/usage"),
    WEBHOOKS("Webhooks", "/webhooks"),
    BILLING("Plan and billing", "/billing"),
    TEAM("Team", "/team"),
    REFERENCE("API reference", "/reference"),
    DOCS("Guides", "/docs");

    private final String title;
    private final String path;

    Section(String title, String path) {
        this.title = title;
        this.path = path;
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String title() {
        return title;
    }

    public String path() {
        return path;
    }
}
