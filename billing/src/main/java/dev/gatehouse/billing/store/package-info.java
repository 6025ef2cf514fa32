/** The schema billing. */
package dev.gatehouse.billing.store;
