/** What a tenant wants to spend, and who hears of it. */
package dev.gatehouse.billing.budget;
