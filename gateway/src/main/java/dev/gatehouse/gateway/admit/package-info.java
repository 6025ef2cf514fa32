/** Lets a call in or refuses it: bucket, daily quota and a key's share, decided together in one Redis script call. */
@NullMarked
package dev.gatehouse.gateway.admit;

import org.jspecify.annotations.NullMarked;
