/** What callers are answered. */
@NullMarked
package dev.gatehouse.enrichment.answer;

import org.jspecify.annotations.NullMarked;
