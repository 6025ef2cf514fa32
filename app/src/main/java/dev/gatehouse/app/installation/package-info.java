/** An installation's folder on this machine: who holds it, its secrets, what runs on it. */
@NullMarked
package dev.gatehouse.app.installation;

import org.jspecify.annotations.NullMarked;
