/** The Redis streams on which usage travels from the gateways to the ledger. */
package dev.gatehouse.metering.stream;
