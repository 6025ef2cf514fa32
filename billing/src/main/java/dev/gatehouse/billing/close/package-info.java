/** The end of a period: draft, grace, final. */
package dev.gatehouse.billing.close;
