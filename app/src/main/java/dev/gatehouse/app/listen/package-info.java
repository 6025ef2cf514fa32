/** A receiver of webhooks for trials: it prints what arrives and says whether the signature holds. */
@NullMarked
package dev.gatehouse.app.listen;

import org.jspecify.annotations.NullMarked;
