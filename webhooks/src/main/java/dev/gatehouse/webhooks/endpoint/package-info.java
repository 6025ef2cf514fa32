/** What an endpoint may be. */
@NullMarked
package dev.gatehouse.webhooks.endpoint;

import org.jspecify.annotations.NullMarked;
