/** The people of a tenant. */
@NullMarked
package dev.gatehouse.directory.member;

import org.jspecify.annotations.NullMarked;
