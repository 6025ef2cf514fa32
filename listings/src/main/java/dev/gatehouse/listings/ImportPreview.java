package dev.gatehouse.listings;

import java.util.List;
import java.util.Map;

/**
 * What a mapping makes of a file. Nothing is stored, so rows that are repeated or stored already count as mapped.
 *
 * @param first what the first mapped rows become, by RESO names
 * @param mapped rows that would be stored or compared with what is stored
 * @param rejected by reason
 * @param examples the first rejected row of each reason, in words
 */
public record ImportPreview(
        List<Map<String, String>> first,
        long read,
        long mapped,
        Map<String, Long> rejected,
        Map<String, String> examples) {}
