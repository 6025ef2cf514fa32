/** The signals service: market figures per area and signals about homes, kept up by the feed of events. */
@NullMarked
package dev.gatehouse.signals;

import org.jspecify.annotations.NullMarked;
