/** What operators do with bills. */
package dev.gatehouse.billing.admin;
