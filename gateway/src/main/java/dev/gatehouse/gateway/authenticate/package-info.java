/** Who calls: from the key in the request to a known caller, or to the reason why not. */
@NullMarked
package dev.gatehouse.gateway.authenticate;

import org.jspecify.annotations.NullMarked;
