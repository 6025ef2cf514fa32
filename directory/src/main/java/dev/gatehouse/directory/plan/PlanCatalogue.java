package dev.gatehouse.directory.plan;

import dev.gatehouse.kernel.plan.Plan;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The plans there are. */
public final class PlanCatalogue {
    private final Map<String, Plan> bySlug = new LinkedHashMap<>();

    public PlanCatalogue(List<Plan> plans) {
        plans.forEach(plan -> bySlug.put(plan.slug(), plan));
    }

    /** In the file's order. */
    public List<Plan> all() {
        return List.copyOf(bySlug.values());
    }

    public Optional<Plan> find(String slug) {
        return Optional.ofNullable(bySlug.get(slug));
    }

    /** @throws dev.gatehouse.kernel.problem.ProblemException when there is none; names those there are */
    public Plan require(String slug) {
        return find(slug).orElseThrow(() -> {
            String known = String.join(", ", bySlug.keySet());
            return Problem.of(
                            ProblemCode.REFUSED,
                            "There is no plan \"" + slug + "\". Plans are: " + known + ".",
                            List.of(new FieldError("plan", "must be one of " + known)))
                    .asException();
        });
    }
}
