/** What happened to each home, in PostgreSQL. */
@NullMarked
package dev.gatehouse.history.store;

import org.jspecify.annotations.NullMarked;
