/** Invoices for people: as a page and as PDF. */
package dev.gatehouse.billing.paper;
