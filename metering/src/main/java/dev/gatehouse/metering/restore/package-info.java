/** Gives Redis back what it has forgotten: the day's quotas and counters, from the ledger. */
package dev.gatehouse.metering.restore;
