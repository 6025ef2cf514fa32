/** How a call is made: its address, its retries, its pages, its failures. */
@NullMarked
package dev.gatehouse.sdk.call;

import org.jspecify.annotations.NullMarked;
