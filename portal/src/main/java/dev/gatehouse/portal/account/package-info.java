/** People, their passwords, their sessions and the links they get by mail. */
package dev.gatehouse.portal.account;
