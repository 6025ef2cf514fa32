/** Fair shares of concurrency: who may have how many calls at once, and whose turn it is when a pool has no room. */
@NullMarked
package dev.gatehouse.gateway.turn;

import org.jspecify.annotations.NullMarked;
