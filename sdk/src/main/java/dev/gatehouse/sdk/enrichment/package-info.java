/** What is known of a home, and what it is worth. */
@NullMarked
package dev.gatehouse.sdk.enrichment;

import org.jspecify.annotations.NullMarked;
