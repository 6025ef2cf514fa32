/** Tenants, members, keys, plans, overrides and routes; the admin API; the snapshot that gateways serve from. */
@NullMarked
package dev.gatehouse.directory;

import org.jspecify.annotations.NullMarked;
