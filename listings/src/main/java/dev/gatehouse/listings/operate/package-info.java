/** What an operator does with the listings, as a part of the admin API; and the import that goes through it. */
@NullMarked
package dev.gatehouse.listings.operate;

import org.jspecify.annotations.NullMarked;
