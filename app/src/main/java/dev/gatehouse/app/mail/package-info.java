/** The mailbox of a trial: every mail sent is caught here and shown on a page, and none leaves the machine. */
@NullMarked
package dev.gatehouse.app.mail;

import org.jspecify.annotations.NullMarked;
