/** The letters that the portal sends. */
package dev.gatehouse.portal.mail;
