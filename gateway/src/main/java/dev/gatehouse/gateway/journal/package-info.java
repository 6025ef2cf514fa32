/** Usage on this machine's disk, from before an answer's last byte until the ledger holds it. */
@NullMarked
package dev.gatehouse.gateway.journal;

import org.jspecify.annotations.NullMarked;
