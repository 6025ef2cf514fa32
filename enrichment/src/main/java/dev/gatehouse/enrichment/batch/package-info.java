/** Many addresses at once, as a job that outlives the process that does it. */
@NullMarked
package dev.gatehouse.enrichment.batch;

import org.jspecify.annotations.NullMarked;
