/** What the bench says, and what became of it in the database. */
@NullMarked
package dev.gatehouse.bench.webhooks.store;

import org.jspecify.annotations.NullMarked;
