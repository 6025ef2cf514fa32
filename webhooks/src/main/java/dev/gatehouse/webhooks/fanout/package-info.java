/** Which event goes to which endpoint, and what is sent. */
@NullMarked
package dev.gatehouse.webhooks.fanout;

import org.jspecify.annotations.NullMarked;
