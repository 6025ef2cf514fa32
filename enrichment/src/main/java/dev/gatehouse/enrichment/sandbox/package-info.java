/** The fixed homes that test keys see. */
@NullMarked
package dev.gatehouse.enrichment.sandbox;

import org.jspecify.annotations.NullMarked;
