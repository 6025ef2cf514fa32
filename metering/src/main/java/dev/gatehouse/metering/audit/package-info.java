/** Whether the ledger is what it says: its chain, its sums, its sequences, and what Redis counts beside it. */
package dev.gatehouse.metering.audit;
