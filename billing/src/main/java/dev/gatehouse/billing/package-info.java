/** Rating and invoices: what the calls in the ledger cost, and why. The module's public face. */
package dev.gatehouse.billing;
