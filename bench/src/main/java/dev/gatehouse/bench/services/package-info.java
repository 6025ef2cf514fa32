/** Every service's calls through the gateway, beside the statement alone. */
@NullMarked
package dev.gatehouse.bench.services;

import org.jspecify.annotations.NullMarked;
