/** What it costs to write a usage event down on a gateway, in the journal and by other means. */
@NullMarked
package dev.gatehouse.bench.journal;

import org.jspecify.annotations.NullMarked;
