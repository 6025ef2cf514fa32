/** Enrichment: what is known of a home by its address, place or key, and what it is worth. */
@NullMarked
package dev.gatehouse.enrichment;

import org.jspecify.annotations.NullMarked;
