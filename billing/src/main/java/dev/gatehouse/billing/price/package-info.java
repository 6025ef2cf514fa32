/** What calls cost: versions of price lists, and the times in which a tenant is on one. */
package dev.gatehouse.billing.price;
