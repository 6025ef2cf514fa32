/** What the directory says, held in memory and on disk, and how it stays fresh. */
@NullMarked
package dev.gatehouse.gateway.snapshot;

import org.jspecify.annotations.NullMarked;
