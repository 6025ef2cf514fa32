package dev.gatehouse.portal.site;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Style, scripts and the mark, read once, compressed when first asked for: {@code /assets/MARK/NAME}, cached for ever. */
public final class Assets {
    private static final Map<String, String> SOURCES = Map.ofEntries(
            Map.entry("tabler.css", "/META-INF/resources/webjars/tabler__core/1.4.0/dist/css/tabler.min.css"),
            Map.entry("htmx.js", "/META-INF/resources/webjars/htmx.org/2.0.8/dist/htmx.min.js"),
            Map.entry("scalar.js", "/META-INF/resources/webjars/scalar/scalar.js"),
            Map.entry("explorer.css", "/dev/gatehouse/portal/assets/explorer.css"),
            Map.entry("explorer.js", "/dev/gatehouse/portal/assets/explorer.js"),
            Map.entry("try.js", "/dev/gatehouse/portal/assets/try.js"),
            Map.entry("uplot.js", "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.iife.min.js"),
            Map.entry("uplot.css", "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.min.css"),
            Map.entry("portal.css", "/dev/gatehouse/portal/assets/portal.css"),
            Map.entry("theme.js", "/dev/gatehouse/portal/assets/theme.js"),
            Map.entry("portal.js", "/dev/gatehouse/portal/assets/portal.js"),
            Map.entry("usage.js", "/dev/gatehouse/portal/assets/usage.js"),
            Map.entry("mark.svg", "/dev/gatehouse/portal/assets/mark.svg"));

    private static final class Asset {
        private final String type;
        private final byte[] plain;
        private byte @Nullable [] compressed;

        Asset(String type, byte[] plain) {
            this.type = type;
            this.plain = plain;
        }

        String type() {
            return type;
        }

        byte[] plain() {
            return plain;
        }

        /** Not at the start, which a megabyte of script would hold up. */
        synchronized byte[] compressed() {
            byte[] known = compressed;
            if (known == null) {
                known = compress(plain);
                compressed = known;
            }
            return known;
        }
    }

    private final Map<String, Asset> assets = new LinkedHashMap<>();
    private final String mark;

    public Assets() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : SOURCES.keySet().stream().sorted().toList()) {
                byte[] content = read(SOURCES.getOrDefault(name, ""));
                digest.update(content);
                assets.put(name, new Asset(type(name), content));
            }
            mark = HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    public String mark() {
        return mark;
    }

    Response serve(Request request) {
        Asset asset = assets.get(request.pathParameter("name"));
        if (asset == null) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "There is no such asset.");
        }
        boolean compressed = request.header("accept-encoding").orElse("").contains("gzip");
        Response response = Response.bytes(200, asset.type(), compressed ? asset.compressed() : asset.plain())
                .with("Cache-Control", "public, max-age=31536000, immutable")
                .with("Vary", "Accept-Encoding")
                .with("X-Content-Type-Options", "nosniff");
        return compressed ? response.with("Content-Encoding", "gzip") : response;
    }

    private static byte[] read(String source) throws IOException {
        try (InputStream in = Assets.class.getResourceAsStream(source)) {
            if (in == null) {
                throw new IllegalStateException(source + " is missing on the class path");
            }
            return in.readAllBytes();
        }
    }

    static byte[] compress(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalStateException("an asset of an unknown type: " + name);
        };
    }
}
