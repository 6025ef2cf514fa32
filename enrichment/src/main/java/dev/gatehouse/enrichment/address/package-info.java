/** Addresses as people write them, as the postal service writes them, and how alike two are. */
@NullMarked
package dev.gatehouse.enrichment.address;

import org.jspecify.annotations.NullMarked;
