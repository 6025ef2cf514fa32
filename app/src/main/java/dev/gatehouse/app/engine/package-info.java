/** Which engines an installation works on: its own embedded ones, or those its settings name. */
@NullMarked
package dev.gatehouse.app.engine;

import org.jspecify.annotations.NullMarked;
