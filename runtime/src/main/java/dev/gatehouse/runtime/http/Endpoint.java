package dev.gatehouse.runtime.http;

/** Answers a request in direct style: runs on a virtual thread of its own and may block. */
@FunctionalInterface
public interface Endpoint {
    /**
     * @throws dev.gatehouse.kernel.problem.ProblemException to refuse
     * @throws Exception anything else is logged and answered as 500 {@code internal}
     */
    Response handle(Request request) throws Exception;
}
