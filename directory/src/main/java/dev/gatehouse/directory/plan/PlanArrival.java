package dev.gatehouse.directory.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.store.Session;
import dev.gatehouse.directory.view.PlanView;
import dev.gatehouse.kernel.plan.Plan;
import dev.gatehouse.runtime.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes in the plans file at a start: tenants of a plan that reads otherwise than before go to the gateways again. */
public final class PlanArrival {
    private PlanArrival() {}

    /** @throws PlanFileException when tenants are on a plan that is no longer there */
    public static void take(Writing writing, String file, PlanCatalogue plans) {
        Session session = writing.session();
        Map<String, JsonNode> seen = session.plans().seen();
        Map<String, JsonNode> now = new TreeMap<>();
        for (Plan plan : plans.all()) {
            // through text, as what was seen: a tree made of a record has other kinds of numbers, and equals no other
            now.put(plan.slug(), Json.tree(Json.text(PlanView.of(plan))));
        }
        if (seen.equals(now)) {
            return;
        }
        List<String> faults = new ArrayList<>();
        Set<String> changed = new TreeSet<>();
        seen.forEach((slug, before) -> {
            if (!now.containsKey(slug)) {
                long tenants = session.tenants().countOnPlan(slug);
                if (tenants > 0) {
                    faults.add("the plan " + slug + " is missing, and " + tenants
                            + " tenants are on it: put it back, and move them to another first");
                }
            } else if (!before.equals(now.get(slug))) {
                changed.add(slug);
            }
        });
        if (!faults.isEmpty()) {
            throw new PlanFileException(file, faults);
        }
        session.plans().put(now);
        if (!changed.isEmpty()) {
            session.tenants().touch(changed, session.nextVersion());
        }
        writing.note("takePlans", "plans", null, seen.isEmpty() ? null : seen, now);
    }
}
