/** Taking events from services, and serving them to consumers within the installation. */
@NullMarked
package dev.gatehouse.events.intake;

import org.jspecify.annotations.NullMarked;
