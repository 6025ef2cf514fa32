/** What all processes have set aside, and what operators decide about it. */
@NullMarked
package dev.gatehouse.directory.aside;

import org.jspecify.annotations.NullMarked;
