/** What every page shares: routes with their access, forms, templates, assets, headers. */
package dev.gatehouse.portal.site;
