/** What an operator does with the ledger, as operations of the admin API. */
package dev.gatehouse.metering.operate;
