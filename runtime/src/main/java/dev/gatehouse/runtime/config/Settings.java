package dev.gatehouse.runtime.config;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * An installation's settings. {@code gatehouse.database.url} comes from, strongest first: what the command line gave,
 * the environment as {@code GATEHOUSE_DATABASE_URL}, the settings file (properties).
 */
public final class Settings {
    private static final Pattern NAME = Pattern.compile("gatehouse[.][A-Za-z0-9_.-]+");

    private final SmallRyeConfig config;

    private Settings(SmallRyeConfig config) {
        this.config = config;
    }

    /**
     * @param file a properties file
     * @param given settings that outweigh environment and file
     * @throws IOException when the file cannot be read
     */
    public static Settings load(Optional<Path> file, Map<String, String> environment, Map<String, String> given)
            throws IOException {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(given, "command line", 400))
                .withSources(new EnvConfigSource(environment, 300));
        if (file.isPresent()) {
            builder.withSources(
                    new PropertiesConfigSource(read(file.get()), file.get().toString(), 200));
        }
        return new Settings(builder.build());
    }

    /** The lines {@code name = value}; a name that is no setting's shows that the file is something else, or damaged. */
    private static Map<String, String> read(Path file) throws IOException {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            lines.load(reader);
        } catch (IllegalArgumentException e) {
            throw new IOException("an escape in it is malformed (\\u needs four hexadecimal digits)", e);
        } catch (CharacterCodingException e) {
            throw new IOException("it is not text in UTF-8", e);
        }
        Map<String, String> settings = new HashMap<>();
        for (String name : lines.stringPropertyNames()) {
            if (!NAME.matcher(name).matches()) {
                throw new IOException("\"" + shown(name) + "\" is no setting's name, as gatehouse.port is");
            }
            settings.put(name, lines.getProperty(name));
        }
        return settings;
    }

    private static String shown(String name) {
        String printable = name.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > 40 ? printable.substring(0, 40) + "…" : printable;
    }

    /** Settings of exactly these values. */
    public static Settings of(Map<String, String> values) {
        return new Settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(Map.copyOf(values), "given", 400))
                .build());
    }

    public Optional<String> text(String name) {
        return config.getOptionalValue(name, String.class);
    }

    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    public int integer(String name, int otherwise) {
        try {
            return text(name).map(value -> Integer.valueOf(value.strip())).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is \"" + text(name, "") + "\": must be a whole number", e);
        }
    }

    public long number(String name, long otherwise) {
        try {
            return text(name).map(value -> Long.valueOf(value.strip())).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is \"" + text(name, "") + "\": must be a whole number", e);
        }
    }

    /** A switch, {@code true} or {@code false}; off when it is not set. */
    public boolean isOn(String name) {
        return config.getOptionalValue(name, Boolean.class).orElse(false);
    }

    /** A duration as ISO 8601 ({@code PT30S}), or short: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}. */
    public Duration duration(String name, Duration otherwise) {
        return text(name).map(value -> parse(name, value.strip())).orElse(otherwise);
    }

    /**
     * A duration as settings write it.
     *
     * @param name of the setting, for the refusal
     * @throws IllegalArgumentException when the text is none
     */
    public static Duration duration(String name, String text) {
        return parse(name, text);
    }

    private static Duration parse(String name, String text) {
        try {
            if (text.startsWith("P")) {
                return Duration.parse(text);
            }
            int digits = 0;
            while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
                digits++;
            }
            long amount = Long.parseLong(text.substring(0, digits));
            return switch (text.substring(digits)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                default -> throw new IllegalArgumentException(text);
            };
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    name + " is \"" + text + "\": must be a duration such as 250ms, 30s, 5m, 2h, 1d or PT30S", e);
        }
    }
}
