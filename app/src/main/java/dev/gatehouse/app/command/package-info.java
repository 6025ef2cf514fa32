/** The command line: each command says what it does to the administration of an installation. */
@NullMarked
package dev.gatehouse.app.command;

import org.jspecify.annotations.NullMarked;
