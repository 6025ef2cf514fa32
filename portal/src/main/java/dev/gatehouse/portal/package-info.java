/** The developer portal: from sign-up to a first call, and all that a developer wants to know after it. */
package dev.gatehouse.portal;
