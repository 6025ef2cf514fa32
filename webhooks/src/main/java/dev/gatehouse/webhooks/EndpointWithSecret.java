package dev.gatehouse.webhooks;

/** An endpoint and its secret, which is shown this once. */
public record EndpointWithSecret(Endpoint endpoint, String secret) {
    @Override
    public String toString() {
        return "EndpointWithSecret[" + endpoint.id() + ", hidden]";
    }
}
