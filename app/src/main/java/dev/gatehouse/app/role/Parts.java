package dev.gatehouse.app.role;

import java.util.List;

/** Parts of one role, stopped in the order in which they stand. */
record Parts(List<AutoCloseable> all) implements AutoCloseable {
    static Parts of(AutoCloseable... parts) {
        return new Parts(List.of(parts));
    }

    @Override
    public void close() throws Exception {
        Exception failure = null;
        for (AutoCloseable part : all) {
            try {
                part.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
