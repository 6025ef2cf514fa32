/** What is done with files of the installation that cannot be used. */
@NullMarked
package dev.gatehouse.runtime.file;

import org.jspecify.annotations.NullMarked;
