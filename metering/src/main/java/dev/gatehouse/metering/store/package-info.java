/** The ledger in PostgreSQL: its SQL, and nothing but SQL. */
package dev.gatehouse.metering.store;
