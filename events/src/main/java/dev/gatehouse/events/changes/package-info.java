/** The public change feed: pages, long poll, server-sent events. */
@NullMarked
package dev.gatehouse.events.changes;

import org.jspecify.annotations.NullMarked;
