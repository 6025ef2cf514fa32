/** Secrets that are shown once, on a page that can be loaded again for a minute. */
@NullMarked
package dev.gatehouse.portal.shown;

import org.jspecify.annotations.NullMarked;
