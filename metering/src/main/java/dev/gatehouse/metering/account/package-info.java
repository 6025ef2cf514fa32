/** What tenants ask of their own usage, through the gateway. */
package dev.gatehouse.metering.account;
