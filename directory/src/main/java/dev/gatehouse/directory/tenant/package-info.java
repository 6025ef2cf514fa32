/** Tenants: their making, standing and limits. */
@NullMarked
package dev.gatehouse.directory.tenant;

import org.jspecify.annotations.NullMarked;
