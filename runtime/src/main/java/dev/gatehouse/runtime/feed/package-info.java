/** The feed of domain events as its users see it: handing events over, reading them back, and applying each once. */
@NullMarked
package dev.gatehouse.runtime.feed;

import org.jspecify.annotations.NullMarked;
