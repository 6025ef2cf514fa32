/** How listings look outside: v2 by the RESO Data Dictionary, v1 in the older shape, GeoJSON. */
@NullMarked
package dev.gatehouse.listings.answer;

import org.jspecify.annotations.NullMarked;
