/** What the feed of events says about homes. */
@NullMarked
package dev.gatehouse.enrichment.follow;

import org.jspecify.annotations.NullMarked;
