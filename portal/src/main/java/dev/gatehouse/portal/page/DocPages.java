package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.PortalSettings;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.runtime.http.Response;
import java.util.Map;

/** The guides. Anyone may read them. */
public final class DocPages {
    private final Guides guides;
    private final Pages pages;

    public DocPages(PortalSettings settings, Pages pages) {
        this.guides = new Guides(settings);
        this.pages = pages;
    }

    public void addTo(Site table) {
        table.get("/docs", Access.PUBLIC, this::contents).get("/docs/{guide}", Access.PUBLIC, this::guide);
    }

    private Response contents(Visit visit) {
        String question = visit.request().parameter("q").orElse("").strip();
        String bounded = question.substring(0, Math.min(100, question.length()));
        return pages.page(
                visit,
                "Guides",
                "docs",
                "docs.jte",
                Map.of(
                        "hits",
                        bounded.isEmpty()
                                ? guides.all().stream()
                                        .map(guide -> new Guides.Hit(guide, guide.about()))
                                        .toList()
                                : guides.search(bounded),
                        "question",
                        bounded));
    }

    private Response guide(Visit visit) {
        Guides.Guide guide = guides.find(visit.request().pathParameter("guide"))
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "There is no such guide. The docs page lists those there are."));
        return pages.page(visit, guide.title(), "docs", "guide.jte", Map.of("guide", guide, "guides", guides.all()));
    }
}
