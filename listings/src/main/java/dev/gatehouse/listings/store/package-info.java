/** The listings' rows in PostgreSQL, and the only SQL of the module. */
@NullMarked
package dev.gatehouse.listings.store;

import org.jspecify.annotations.NullMarked;
