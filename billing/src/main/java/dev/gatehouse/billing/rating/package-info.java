/** Usage → money, without I/O. */
package dev.gatehouse.billing.rating;
