/** Where the feed is kept. */
@NullMarked
package dev.gatehouse.events.store;

import org.jspecify.annotations.NullMarked;
