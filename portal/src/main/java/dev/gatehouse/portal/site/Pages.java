package dev.gatehouse.portal.site;

import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.runtime.http.Response;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills templates. */
public final class Pages {
    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), "dev.gatehouse.portal.template");
    private final Assets assets = new Assets();

    Assets assets() {
        return assets;
    }

    /** A whole page. */
    public Response page(Visit visit, String title, String section, String template, Map<String, ?> values) {
        return page(200, visit, title, section, template, values);
    }

    public Response page(
            int status, Visit visit, String title, String section, String template, Map<String, ?> values) {
        Frame frame = new Frame(
                title,
                section,
                visit.formToken(),
                visit.session(),
                visit.organisation(),
                visit.membership() == null ? null : visit.membership().role(),
                assets.mark());
        return Response.html(status, fill(template, frame, values));
    }

    /** A part of a page, for htmx. */
    public Response fragment(int status, String template, Map<String, ?> values) {
        return Response.html(status, fill(template, null, values));
    }

    Response problem(Problem problem) {
        String title = problem.code().equals(ProblemCode.ROLE_INSUFFICIENT.text())
                ? "Your role does not allow this"
                : problem.title();
        return notice(problem.status(), title, problem.detail(), problem.requestId());
    }

    Response staleForm(String requestId) {
        return notice(
                403,
                "This form is too old",
                "It was shown before you signed in or out, or it does not come from this site. Nothing was changed. Go back,"
                        + " load the page again and send it once more.",
                requestId);
    }

    Response failed(String requestId) {
        return notice(
                500,
                "The portal failed",
                "It is logged under the request id. Try again; if it stays, tell us the id.",
                requestId);
    }

    Response unavailable(String requestId) {
        return notice(
                        503,
                        "The portal pauses",
                        "It does not reach its database. Your API calls are answered all the same. Nothing was changed: try again in"
                                + " a minute.",
                        requestId)
                .with("Retry-After", "60");
    }

    private Response notice(int status, String title, String text, @Nullable String requestId) {
        Frame frame = new Frame(title, "", "", null, null, null, assets.mark());
        Map<String, Object> values = new HashMap<>();
        values.put("text", text);
        values.put("requestId", requestId == null ? "" : requestId);
        return Response.html(status, fill("notice.jte", frame, values));
    }

    private String fill(String template, @Nullable Frame frame, Map<String, ?> values) {
        Map<String, Object> parameters = new HashMap<>(values);
        if (frame != null) {
            parameters.put("frame", frame);
        }
        StringOutput output = new StringOutput(16_384);
        engine.render(template, parameters, output);
        return output.toString();
    }
}
