/** Standard Webhooks signatures and the secrets they are made with. */
@NullMarked
package dev.gatehouse.webhooks.signature;

import org.jspecify.annotations.NullMarked;
