package dev.gatehouse.portal.site;

import dev.gatehouse.runtime.http.Response;

/** Answers a visit. */
@FunctionalInterface
public interface Page {
    Response show(Visit visit) throws Exception;
}
