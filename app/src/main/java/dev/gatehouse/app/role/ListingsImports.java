package dev.gatehouse.app.role;

import dev.gatehouse.listings.ListingsImport;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the rows that operators import into this process; most never do, so it opens with the first. */
public final class ListingsImports implements Supplier<ListingsImport>, AutoCloseable {
    private final Platform platform;
    private @Nullable ListingsImport opened;

    public ListingsImports(Platform platform) {
        this.platform = platform;
    }

    @Override
    public synchronized ListingsImport get() {
        ListingsImport here = opened;
        if (here == null) {
            try {
                here = ListingsImport.open(platform.database().get(), platform.clock());
            } catch (SQLException e) {
                throw new IllegalStateException("the listings' database cannot be opened", e);
            }
            opened = here;
        }
        return here;
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
