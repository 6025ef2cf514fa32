/** Whether ledger, rating and invoices agree, and what other prices would give. */
package dev.gatehouse.billing.audit;
