/** What a home is worth: a hedonic regression, corrected by what comparable homes around were sold for. */
@NullMarked
package dev.gatehouse.enrichment.valuation;

import org.jspecify.annotations.NullMarked;
