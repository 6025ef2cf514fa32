/** The service's rows in PostgreSQL, and the one transaction in which events become figures and signals. */
@NullMarked
package dev.gatehouse.signals.store;

import org.jspecify.annotations.NullMarked;
