package dev.gatehouse.portal.site;

import dev.gatehouse.runtime.http.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The page that someone wanted when they had to sign in first. Only ever a path of our own. */
public final class Return {
    private static final Pattern OURS =
            Pattern.compile("/(?:[A-Za-z0-9_.-][A-Za-z0-9_./-]*)?(?:\\?[A-Za-z0-9_.=&%-]*)?");
    private static final int LONGEST = 300;

    private Return() {}

    /** @return {@code /} for anything that is not a plain path of this site */
    public static String path(String wanted) {
        return wanted.length() <= LONGEST && OURS.matcher(wanted).matches() && !wanted.contains("..") ? wanted : "/";
    }

    static String signIn(Request request) {
        String wanted = request.method().equals("GET") ? path(request.path()) : "/";
        return wanted.equals("/") ? "/sign-in" : "/sign-in?to=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8);
    }
}
