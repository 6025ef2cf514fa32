/** Who belongs to an organisation, in which role, and what they did. */
package dev.gatehouse.portal.team;
