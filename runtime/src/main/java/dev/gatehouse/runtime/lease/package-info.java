/** Serial work: one process at a time does a job, and one that lost its turn can no longer write. */
@NullMarked
package dev.gatehouse.runtime.lease;

import org.jspecify.annotations.NullMarked;
