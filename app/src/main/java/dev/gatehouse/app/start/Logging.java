package dev.gatehouse.app.start;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: files of the installation's folder, or the standard output where a container's host collects them.
 * The gateway's access log, one JSON object a line, is a file of its own.
 */
public final class Logging {
    /** The logger whose messages are whole lines of the access log. */
    public static final String ACCESS = "gatehouse.access";

    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{1} %msg%n%ex";
    private static final String KEPT_SIZE = "64MB";
    private static final int KEPT_FILES = 5;

    private Logging() {}

    /** Nothing but errors, to the standard error: for commands that come and go. */
    public static void quiet() {
        context().reset();
        root().setLevel(Level.OFF);
    }

    /** Into {@code folder}, kept to a bounded size. */
    public static void toFiles(Path folder) {
        context().reset();
        root().setLevel(Level.INFO);
        root().addAppender(file("log", folder.resolve("gatehouse.log"), LINE));
        access(file("access", folder.resolve("access.log"), "%msg%n"));
        tame();
    }

    /** To the standard output, for a host that collects it. */
    public static void toStandardOutput() {
        context().reset();
        root().setLevel(Level.INFO);
        root().addAppender(started("log", new ConsoleAppender<>(), LINE));
        access(started("access", new ConsoleAppender<>(), "%msg%n"));
        tame();
    }

    /** Libraries that speak of their inner life. */
    private static void tame() {
        for (String name : new String[] {"org.apache.pekko", "org.flywaydb", "com.zaxxer.hikari", "io.netty"}) {
            context().getLogger(name).setLevel(Level.WARN);
        }
        // warns of each keyword that an API description has beside its schemas
        context().getLogger("com.networknt.schema").setLevel(Level.ERROR);
    }

    private static void access(OutputStreamAppender<ILoggingEvent> appender) {
        Logger logger = context().getLogger(ACCESS);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
    }

    private static OutputStreamAppender<ILoggingEvent> file(String name, Path file, String pattern) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context());
        appender.setFile(file.toString());
        FixedWindowRollingPolicy kept = new FixedWindowRollingPolicy();
        kept.setContext(context());
        kept.setParent(appender);
        kept.setFileNamePattern(file + ".%i");
        kept.setMinIndex(1);
        kept.setMaxIndex(KEPT_FILES);
        kept.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context());
        size.setMaxFileSize(FileSize.valueOf(KEPT_SIZE));
        size.start();
        appender.setRollingPolicy(kept);
        appender.setTriggeringPolicy(size);
        appender.setImmediateFlush(true);
        return started(name, appender, pattern);
    }

    private static OutputStreamAppender<ILoggingEvent> started(
            String name, OutputStreamAppender<ILoggingEvent> appender, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context());
        encoder.setPattern(pattern);
        encoder.start();
        appender.setContext(context());
        appender.setName(name);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    private static Logger root() {
        return context().getLogger(Logger.ROOT_LOGGER_NAME);
    }
}
