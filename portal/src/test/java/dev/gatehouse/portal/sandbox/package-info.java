/** A portal on a real database, with a directory and a ledger in memory. */
package dev.gatehouse.portal.sandbox;
