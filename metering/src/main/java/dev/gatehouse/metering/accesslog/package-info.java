/** Counting the access log of another system, to be compared with the ledger. */
package dev.gatehouse.metering.accesslog;
