/** Drives the real program from outside: by its launcher, its ports and its signals. */
@NullMarked
package dev.gatehouse.e2e.harness;

import org.jspecify.annotations.NullMarked;
