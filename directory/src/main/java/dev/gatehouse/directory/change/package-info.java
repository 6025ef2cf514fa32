/** How changes are made: one transaction each, recorded, and told to gateways. */
@NullMarked
package dev.gatehouse.directory.change;

import org.jspecify.annotations.NullMarked;
