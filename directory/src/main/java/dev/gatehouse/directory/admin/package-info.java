/** The admin API: every operation of an operator. */
@NullMarked
package dev.gatehouse.directory.admin;

import org.jspecify.annotations.NullMarked;
