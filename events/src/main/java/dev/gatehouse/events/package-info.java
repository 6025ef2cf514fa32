/** The one feed of domain events: intake, one dense sequence, the feed itself, and hints on the consumers' queues. */
@NullMarked
package dev.gatehouse.events;

import org.jspecify.annotations.NullMarked;
