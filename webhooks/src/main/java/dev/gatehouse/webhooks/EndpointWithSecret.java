package dev.gatehouse.webhooks;

/**
 * An endpoint and what its receiver verifies with.
 *
 * @param secret {@code whsec_…}, shown this once; with {@link Endpoint.Scheme#V1A} the public key, which is no secret
 */
public record EndpointWithSecret(Endpoint endpoint, String secret) {
    @Override
    public String toString() {
        return "EndpointWithSecret[" + endpoint.id() + ", hidden]";
    }
}
