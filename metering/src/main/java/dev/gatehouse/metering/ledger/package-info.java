/** From stream entries to committed batches: what is taken, what is set aside, what is counted. */
package dev.gatehouse.metering.ledger;
