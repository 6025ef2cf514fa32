/** The program: its roles, all wiring, its command line. */
@NullMarked
package dev.gatehouse.app;

import org.jspecify.annotations.NullMarked;
