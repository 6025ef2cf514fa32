package dev.gatehouse.sdk.call;

/** Any failure of a call. */
public abstract sealed class GatehouseException extends RuntimeException
        permits RefusedException, UnreachableException {
    private static final long serialVersionUID = 1L;

    GatehouseException(String message) {
        super(message);
    }

    GatehouseException(String message, Throwable cause) {
        super(message, cause);
    }
}
