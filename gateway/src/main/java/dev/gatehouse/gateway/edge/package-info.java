/** Where calls come in: server, request ids, client addresses, refusals, shutdown. */
@NullMarked
package dev.gatehouse.gateway.edge;

import org.jspecify.annotations.NullMarked;
