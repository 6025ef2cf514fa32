import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A service behind Gatehouse that answers only calls that came through the gateway. It needs nothing but a JDK:
 *
 * <pre>GATEHOUSE_ROUTE_SECRET=$(gatehouse route secret quotes) java OwnService.java quotes 9000</pre>
 */
public final class OwnService {
    private static final int LONGEST = 8192;
    private static final int CLOCKS_APART = 5;

    private final String route;
    private final byte[] secret;

    private OwnService(String route, String secret) {
        this.route = route;
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) throws IOException {
        OwnService service = new OwnService(arguments[0], System.getenv("GATEHOUSE_ROUTE_SECRET"));
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", service::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String claims = claims(exchange);
        byte[] body = (claims == null
                        ? "This service answers only calls that come through the gateway.\n"
                        : "Hello, " + text(claims, "slug") + ".\n")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(claims == null ? 401 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Who calls, as JSON; null unless the gateway has said so, of this very call, just now. */
    private String claims(HttpExchange exchange) {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Gatehouse-Caller", List.of());
        if (headers.size() != 1 || headers.getFirst().length() > LONGEST) {
            return null;
        }
        String[] part = headers.getFirst().split("\\.", -1);
        if (part.length != 3) {
            return null;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] signature = mac.doFinal((part[0] + "." + part[1]).getBytes(StandardCharsets.US_ASCII));
            if (!MessageDigest.isEqual(signature, Base64.getUrlDecoder().decode(part[2]))) {
                return null;
            }
            // from here on the gateway itself has written it, so that its form is known
            String claims = new String(Base64.getUrlDecoder().decode(part[1]), StandardCharsets.UTF_8);
            String target = exchange.getRequestURI().toString();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(target.getBytes(StandardCharsets.UTF_8));
            long now = Instant.now().getEpochSecond();
            boolean ours = text(claims, "aud").equals(route)
                    && text(claims, "htm").equals(exchange.getRequestMethod())
                    && text(claims, "target_sha256").equals(Base64.getUrlEncoder().withoutPadding().encodeToString(digest))
                    && number(claims, "iat") <= now + CLOCKS_APART
                    && number(claims, "exp") >= now;
            return ours ? claims : null;
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return null;
        }
    }

    private static String text(String claims, String name) {
        return find(claims, "\"" + name + "\":\"([^\"\\\\]*)\"");
    }

    private static long number(String claims, String name) {
        return Long.parseLong(find(claims, "\"" + name + "\":([0-9]+)"));
    }

    private static String find(String claims, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(claims);
        if (!found.find()) {
            throw new IllegalArgumentException("the claim is missing");
        }
        return found.group(1);
    }
}
