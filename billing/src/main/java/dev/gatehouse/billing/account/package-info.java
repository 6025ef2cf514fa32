/** The tenant's API of its bill. */
package dev.gatehouse.billing.account;
