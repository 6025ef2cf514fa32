package dev.gatehouse.metering.accesslog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The common and combined formats of nginx and Apache.
 *
 * @see <a href="https://httpd.apache.org/docs/2.4/logs.html#combined">Apache, Combined Log Format</a>
 * @see <a href="https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format">nginx, log_format</a>
 */
public final class CombinedFormat implements LogFormat {
    private static final Pattern LINE = Pattern.compile(
            "(\\S++) (\\S++) (\\S++(?: [^ \\[]++)*+) \\[([^\\]]{20,32})\\] \"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\" (\\d{3}) .*");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

    private final CallerSource source;

    public CombinedFormat(CallerSource source) {
        this.source = source;
    }

    @Override
    public LogLine read(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            return new LogLine.Broken("is not in the combined format");
        }
        Instant at;
        try {
            at = ZonedDateTime.parse(parts.group(4), TIME).toInstant();
        } catch (DateTimeException e) {
            return new LogLine.Broken("its time " + parts.group(4) + " cannot be read");
        }
        String[] request = parts.group(5).split(" ");
        if (request.length < 2) {
            return new LogLine.Broken("its request line has no target");
        }
        Optional<String> caller = source.caller(parts.group(3), parts.group(1), request[1]);
        int status = Integer.parseInt(parts.group(6));
        return caller.<LogLine>map(text -> new LogLine.Call(text, at, status))
                .orElseGet(() -> new LogLine.Call("", at, status));
    }
}
