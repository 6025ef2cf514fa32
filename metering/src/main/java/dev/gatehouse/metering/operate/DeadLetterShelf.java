package dev.gatehouse.metering.operate;

import dev.gatehouse.kernel.aside.SetAside;
import dev.gatehouse.metering.DeadLetterEntry;
import dev.gatehouse.metering.EventFix;
import dev.gatehouse.metering.MeteringOperations;
import dev.gatehouse.runtime.aside.MemoryShelf;
import dev.gatehouse.runtime.aside.Shelf;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's dead letters, listed beside what other consumers have set aside. To correct one while it is replayed, there is
 * {@code gatehouse meter replay}.
 */
public final class DeadLetterShelf implements Shelf {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterShelf.class);
    private static final String PREFIX = "dead letter ";
    private static final int MOST = 1_000;

    private final MeteringOperations ledger;

    public DeadLetterShelf(MeteringOperations ledger) {
        this.ledger = ledger;
    }

    @Override
    public String source() {
        return "ledger.usage";
    }

    /** Past {@value #MOST} it says that many. */
    @Override
    public long size() {
        return ledger.deadLetters(MOST).size();
    }

    @Override
    public List<SetAside> list(int limit) {
        return ledger.deadLetters(limit).stream().map(this::view).toList();
    }

    private SetAside view(DeadLetterEntry letter) {
        return new SetAside(
                source(),
                PREFIX + letter.id(),
                letter.reason(),
                letter.seen(),
                letter.seen(),
                1,
                letter.content().length,
                MemoryShelf.digest(letter.content()));
    }

    @Override
    public boolean retry(String record) {
        try {
            var unused = ledger.replay(id(record), EventFix.NONE);
            return true;
        } catch (IllegalArgumentException e) {
            LOG.warn("{} cannot be replayed as it is: {}", record, e.getMessage());
            return ledger.deadLetter(id(record)).isPresent();
        }
    }

    @Override
    public boolean drop(String record, String reason) {
        boolean there = ledger.deadLetter(id(record)).isPresent();
        if (there) {
            ledger.dismiss(id(record), reason);
        }
        return there;
    }

    private static long id(String record) {
        return Long.parseLong(record.substring(PREFIX.length()));
    }
}
