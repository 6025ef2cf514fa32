/** The pages, one class for each part of the portal. */
package dev.gatehouse.portal.page;
