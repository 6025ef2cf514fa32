package dev.gatehouse.portal.page;

import dev.gatehouse.billing.Billing;
import dev.gatehouse.billing.MonthToDate;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.scope.Aside;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How things stand. */
public final class HomePages {
    private final UsageReader usage;
    private final Billing billing;
    private final TeamStore teams;
    private final Pages pages;
    private final InstantSource clock;

    public HomePages(UsageReader usage, Billing billing, TeamStore teams, Pages pages, InstantSource clock) {
        this.teams = teams;
        this.usage = usage;
        this.billing = billing;
        this.pages = pages;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/", Access.MEMBER, this::home).get("/now", Access.MEMBER, this::now);
    }

    private Response home(Visit visit) {
        return pages.page(visit, "Home", "home", "home.jte", values(visit));
    }

    private Response now(Visit visit) {
        return visit.wantsFragment() ? pages.fragment(200, "now.jte", values(visit)) : Response.seeOther("/");
    }

    private Map<String, Object> values(Visit visit) {
        Aside<Optional<MonthToDate>> month =
                Aside.begin(() -> billing.monthToDate(visit.home().id()));
        Map<String, Object> values = new HashMap<>();
        values.put("changes", teams.audit(visit.home().id(), 5));
        values.put("today", Today.read(usage, visit.home(), clock.instant()));
        values.put("month", month.get().orElse(null));
        return values;
    }
}
