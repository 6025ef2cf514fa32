/** The tenants' saved alerts, followed from the service that keeps them. */
@NullMarked
package dev.gatehouse.webhooks.alert;

import org.jspecify.annotations.NullMarked;
