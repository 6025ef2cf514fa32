/** Refused calls in full, as gateways keep them in Redis. */
package dev.gatehouse.metering.refused;
