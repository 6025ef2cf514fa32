package dev.gatehouse.billing.rating;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.PriceFormat;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What a rating saw and made, as bytes: the same value gives the same bytes. Amounts are decimal texts, prices stand as
 * {@link PriceFormat} writes them.
 */
public final class RunJson {
    private static final ObjectMapper MAPPER = mapper();

    private RunJson() {}

    public static byte[] bytes(RatingInput input) {
        return write(input);
    }

    public static byte[] bytes(DraftInvoice output) {
        return write(output);
    }

    public static RatingInput input(byte[] json) {
        return read(json, RatingInput.class);
    }

    public static DraftInvoice output(byte[] json) {
        return read(json, DraftInvoice.class);
    }

    /** Terms as they are kept. */
    public static String text(List<Term> terms) {
        return tree(terms).toString();
    }

    /** What {@link #text} has written. */
    public static List<Term> terms(String json) {
        return List.of(read(json.getBytes(StandardCharsets.UTF_8), Term[].class));
    }

    /** As a tree, to be put into a larger document. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** SHA-256 in hexadecimal digits. */
    public static String hash(byte[] json) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a rating cannot be written", e);
        }
    }

    private static <T> T read(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored rating cannot be read", e);
        }
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper = Json.MAPPER.copy();
        mapper.configOverride(BigDecimal.class).setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.STRING));
        mapper.configure(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN.mappedFeature(), true);
        mapper.registerModule(new SimpleModule()
                .addSerializer(PriceList.class, new ListWriter())
                .addSerializer(UsageHour.class, new HourWriter())
                .addDeserializer(PriceList.class, new ListReader()));
        return mapper;
    }

    /**
     * Writes an hour as its record would be written, and is what most of a run is made of. A month has few hours, and each
     * stands there many times: its text is made once.
     */
    private static final class HourWriter extends StdSerializer<UsageHour> {
        private static final long serialVersionUID = 1;
        private static final int MOST = 100_000;
        private static final Cache<Instant, String> TEXTS =
                Caffeine.newBuilder().maximumSize(MOST).build();

        HourWriter() {
            super(UsageHour.class);
        }

        @Override
        public void serialize(UsageHour hour, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartObject(hour, 5);
            out.writeStringField("hour", TEXTS.get(hour.hour(), Instant::toString));
            out.writeStringField("plan", hour.plan());
            out.writeStringField("operation", hour.operation());
            out.writeNumberField("calls", hour.calls());
            out.writeNumberField("units", hour.units());
            out.writeEndObject();
        }
    }

    private static final class ListWriter extends StdSerializer<PriceList> {
        private static final long serialVersionUID = 1;

        ListWriter() {
            super(PriceList.class);
        }

        @Override
        public void serialize(PriceList list, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeTree(PriceFormat.write(list));
        }
    }

    private static final class ListReader extends StdDeserializer<PriceList> {
        private static final long serialVersionUID = 1;

        ListReader() {
            super(PriceList.class);
        }

        @Override
        public PriceList deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return PriceFormat.readList(in.readValueAsTree(), "");
        }
    }
}
