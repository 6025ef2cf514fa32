/** The generated town: addressed homes with repeat sales, invented and labelled so. */
@NullMarked
package dev.gatehouse.listings.town;

import org.jspecify.annotations.NullMarked;
