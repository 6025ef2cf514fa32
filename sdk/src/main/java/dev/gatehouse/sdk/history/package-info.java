/** What happened to homes, and what a home that never changes costs. */
@NullMarked
package dev.gatehouse.sdk.history;

import org.jspecify.annotations.NullMarked;
