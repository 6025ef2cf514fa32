package dev.gatehouse.runtime.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * A span for each statement that a traced request causes, with the statement's text and never its values.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/database/database-spans/">semantic conventions</a>
 */
public final class StatementSpans implements SqlLogger {
    private static final int MAX_TEXT = 2_000;

    private final String schema;

    public StatementSpans(String schema) {
        this.schema = schema;
    }

    @Override
    public void logAfterExecution(StatementContext context) {
        Span span = begin(context);
        if (span != null) {
            end(span, context);
        }
    }

    @Override
    public void logException(StatementContext context, SQLException failure) {
        Span span = begin(context);
        if (span != null) {
            String state = failure.getSQLState();
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", state == null ? "unknown" : state);
            end(span, context);
        }
    }

    private @Nullable Span begin(StatementContext context) {
        Instant begun = context.getExecutionMoment();
        if (begun == null || !Span.current().isRecording()) {
            return null;
        }
        String text = String.valueOf(context.getRenderedSql()).strip();
        return Tracing.tracer("gatehouse.database")
                .spanBuilder(schema + " " + firstWord(text))
                .setParent(Context.current())
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(begun)
                .setAttribute("db.system.name", "postgresql")
                .setAttribute("db.namespace", schema)
                .setAttribute("db.query.text", text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text)
                .startSpan();
    }

    private static void end(Span span, StatementContext context) {
        Instant ended = context.getCompletionMoment();
        if (ended == null) {
            ended = context.getExceptionMoment();
        }
        if (ended == null) {
            span.end();
        } else {
            span.end(ended);
        }
    }

    private static String firstWord(String text) {
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }
}
