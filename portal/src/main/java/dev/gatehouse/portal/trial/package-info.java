/** Trying calls from the portal, with a test key of the organisation's own. */
package dev.gatehouse.portal.trial;
