/** The portal's rows in PostgreSQL. */
package dev.gatehouse.portal.store;
