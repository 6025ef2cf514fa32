package dev.gatehouse.billing.price;

import dev.gatehouse.kernel.problem.FieldError;
import java.util.List;
import java.util.stream.Collectors;

/** Prices that cannot be taken, with every field that is wrong. */
public final class PriceFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<FieldError> errors;

    public PriceFault(List<FieldError> errors) {
        super(errors.stream()
                .map(error -> error.field() + " " + error.message())
                .collect(Collectors.joining("; ")));
        this.errors = List.copyOf(errors);
    }

    public PriceFault(String field, String message) {
        this(List.of(new FieldError(field, message)));
    }

    public List<FieldError> errors() {
        return errors;
    }
}
