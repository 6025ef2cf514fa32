package dev.gatehouse.kernel.aside;

import java.util.List;

/**
 * What a process has set aside, as it tells the directory every second while there is something.
 *
 * @param process its name, of one run
 * @param records the oldest of each source, at most {@link #MOST}
 * @param total how many there are in all
 */
public record AsideReport(String process, List<SetAside> records, long total) {
    public static final int MOST = 1_000;

    public AsideReport {
        records = List.copyOf(records);
    }
}
