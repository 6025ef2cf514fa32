/** The service's rows in PostgreSQL. */
@NullMarked
package dev.gatehouse.enrichment.store;

import org.jspecify.annotations.NullMarked;
