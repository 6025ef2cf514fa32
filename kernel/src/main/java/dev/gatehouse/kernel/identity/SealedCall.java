package dev.gatehouse.kernel.identity;

import java.net.URI;

/**
 * The call that a caller's identity is sealed for.
 *
 * @param method as in {@code GET}
 * @param target the request target as the service receives it: the path, percent-encoded as sent, and the query with its
 *     question mark when there is one
 */
public record SealedCall(String method, String target) {

    /** A request to this address, as an HTTP client sends it. */
    public static SealedCall to(String method, URI address) {
        URI ascii = URI.create(address.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery();
        return new SealedCall(method, query == null || query.isEmpty() ? path : path + '?' + query);
    }
}
