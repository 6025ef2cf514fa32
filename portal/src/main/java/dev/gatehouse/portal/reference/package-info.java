/** The API reference: the services' OpenAPI descriptions, prepared for pages. */
package dev.gatehouse.portal.reference;
