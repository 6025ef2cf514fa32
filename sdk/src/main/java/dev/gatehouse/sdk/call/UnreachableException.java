package dev.gatehouse.sdk.call;

/** There is no whole answer that can be read: whether the call was done is not known. */
public final class UnreachableException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
