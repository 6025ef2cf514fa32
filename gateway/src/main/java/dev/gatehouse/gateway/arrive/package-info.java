/** What happens to a client's connection before HTTP is spoken on it. */
@NullMarked
package dev.gatehouse.gateway.arrive;

import org.jspecify.annotations.NullMarked;
