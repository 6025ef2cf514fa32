package dev.gatehouse.runtime.aside;

import dev.gatehouse.kernel.aside.SetAside;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All shelves of a process. Each is a metric, {@code gatehouse.set.aside}, with its source as the label. */
public final class SetAsides {
    private static final Logger LOG = LoggerFactory.getLogger(SetAsides.class);

    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();

    public SetAsides(MeterRegistry meters, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /** A shelf in memory; see {@link MemoryShelf}. */
    public MemoryShelf inMemory(String source, Consumer<String> again) {
        MemoryShelf shelf = new MemoryShelf(source, clock, again);
        add(shelf);
        return shelf;
    }

    /** Takes in a shelf that a consumer keeps itself. The last one of a source counts. */
    public void add(Shelf shelf) {
        if (shelves.put(shelf.source(), shelf) == null) {
            Gauge.builder("gatehouse.set.aside", () -> size(shelf.source()))
                    .description("Records that a consumer cannot use and has set aside")
                    .tag("source", shelf.source())
                    .register(meters);
        }
    }

    private long size(String source) {
        try {
            return Optional.ofNullable(shelves.get(source)).map(Shelf::size).orElse(0L);
        } catch (RuntimeException e) {
            LOG.debug("what {} has set aside cannot be counted now", source, e);
            return 0;
        }
    }

    public Optional<Shelf> shelf(String source) {
        return Optional.ofNullable(shelves.get(source));
    }

    /** How many records are set aside in all; a shelf that cannot be read now counts as empty. */
    public long size() {
        return shelves.keySet().stream().mapToLong(this::size).sum();
    }

    /** The oldest of each shelf; a shelf that cannot be read now is left out. */
    public List<SetAside> list(int limitOfEach) {
        List<SetAside> all = new ArrayList<>();
        for (Shelf shelf : shelves.values()) {
            try {
                all.addAll(shelf.list(limitOfEach));
            } catch (RuntimeException e) {
                LOG.debug("what {} has set aside cannot be read now", shelf.source(), e);
            }
        }
        return all;
    }
}
