package dev.gatehouse.e2e.harness;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without scripts: keeps cookies, reads the form token from the page, follows nothing by itself. */
public final class Browser {
    private static final Pattern TOKEN = Pattern.compile("name=\"formToken\" value=\"([^\"]+)\"");

    public final CookieManager cookies = new CookieManager();
    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();

    public Browser(URI base) {
        this.base = base;
    }

    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a form with the token that this browser's pages carry now. */
    public HttpResponse<String> post(String path, String... fields) throws IOException, InterruptedException {
        return postWith(token(), path, fields);
    }

    /** Sends a form, and goes where it leads. */
    public HttpResponse<String> postAndLook(String path, String... fields) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(path, fields);
        return answer.statusCode() == 303
                ? get(answer.headers().firstValue("Location").orElseThrow())
                : answer;
    }

    /** Sends a form with a token of the caller's choice. */
    public HttpResponse<String> postWith(String token, String path, String... fields)
            throws IOException, InterruptedException {
        List<String> pairs = new ArrayList<>();
        pairs.add("formToken=" + encode(token));
        for (int i = 0; i < fields.length; i += 2) {
            pairs.add(encode(fields[i]) + "=" + encode(fields[i + 1]));
        }
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs)))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    public String token() throws IOException, InterruptedException {
        for (String page : List.of("/devices", "/sign-in")) {
            Matcher token = TOKEN.matcher(get(page).body());
            if (token.find()) {
                return token.group(1);
            }
        }
        throw new AssertionError("no page shows a form token");
    }

    public String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse("");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
