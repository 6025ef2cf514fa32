/** An invoice computed a second time, without the rating: before it becomes final, and offline by its payer. */
package dev.gatehouse.billing.verify;
