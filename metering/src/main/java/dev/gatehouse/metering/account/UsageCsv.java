package dev.gatehouse.metering.account;

import dev.gatehouse.metering.UsageSum;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sums as CSV (RFC 4180), one line each, after a line of names. */
final class UsageCsv {
    private UsageCsv() {}

    static byte[] bytes(List<UsageSum> sums) {
        StringBuilder csv = new StringBuilder(
                "from,key,operation,version,status,plan,calls,units,billableCalls,billableUnits,requestBytes,responseBytes,meanMillis\r\n");
        for (UsageSum sum : sums) {
            csv.append(sum.from()).append(',');
            csv.append(field(sum.key())).append(',');
            csv.append(field(sum.operation())).append(',');
            csv.append(field(sum.version())).append(',');
            csv.append(sum.status() == null ? "" : sum.status()).append(',');
            csv.append(field(sum.plan())).append(',');
            csv.append(sum.calls()).append(',').append(sum.units()).append(',');
            csv.append(sum.billableCalls())
                    .append(',')
                    .append(sum.billableUnits())
                    .append(',');
            csv.append(sum.requestBytes())
                    .append(',')
                    .append(sum.responseBytes())
                    .append(',');
            csv.append(String.format(Locale.ROOT, "%.3f", sum.meanMillis())).append("\r\n");
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String field(@Nullable String text) {
        if (text == null) {
            return "";
        }
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
