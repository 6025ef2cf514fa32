/** Records as operators and the audit log see them: without hashes and secrets. */
@NullMarked
package dev.gatehouse.directory.view;

import org.jspecify.annotations.NullMarked;
