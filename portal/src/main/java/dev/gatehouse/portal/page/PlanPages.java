package dev.gatehouse.portal.page;

import dev.gatehouse.billing.Billing;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.MonthToDate;
import dev.gatehouse.billing.PlanPreview;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.plan.Plan;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.runtime.http.Response;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Changing the plan, with what it will cost first, and the budget with its alerts and cap. */
public final class PlanPages {
    private final Billing billing;
    private final Organisations organisations;
    private final AuditTrail trail;
    private final Pages pages;

    public PlanPages(Billing billing, Organisations organisations, AuditTrail trail, Pages pages) {
        this.billing = billing;
        this.organisations = organisations;
        this.trail = trail;
        this.pages = pages;
    }

    public void addTo(Site table) {
        table.get("/plan/{plan}", Access.BILLING, this::planForm)
                .post("/plan/{plan}", Access.BILLING, this::changePlan)
                .get("/budget", Access.BILLING, visit -> budgetForm(visit, Fields.empty()))
                .post("/budget", Access.BILLING, this::setBudget)
                .post("/budget/remove", Access.BILLING, this::removeBudget);
    }

    private Response planForm(Visit visit) {
        Plan plan = plan(visit);
        Map<String, Object> values = new HashMap<>();
        values.put("plan", plan);
        values.put("now", visit.home().plan());
        values.put("limits", visit.home().limits());
        values.put("same", plan.slug().equals(visit.home().plan().slug()));
        values.put(
                "preview", billing.previewPlan(visit.home().id(), plan.slug()).orElse(null));
        return pages.page(visit, "Change to " + plan.name(), "billing", "plan.jte", values);
    }

    private Response changePlan(Visit visit) {
        Plan plan = plan(visit);
        if (!plan.slug().equals(visit.home().plan().slug())) {
            Optional<PlanPreview> preview = billing.previewPlan(visit.home().id(), plan.slug());
            if (preview.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.REFUSED,
                        "This plan has no price in the currency that you pay in. Ask us, and we make it ready.");
            }
            String before = visit.home().plan().slug();
            organisations.changePlan(
                    visit.home().id(), plan.slug(), visit.person().mail());
            trail.note(visit, "plan.change", before + " to " + plan.slug());
        }
        return Response.seeOther("/billing?after=plan");
    }

    private Plan plan(Visit visit) {
        String slug = visit.request().pathParameter("plan");
        return organisations.plans().stream()
                .filter(plan -> plan.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "There is no such plan. Plan and billing lists those on offer."));
    }

    private Response budgetForm(Visit visit, Fields fields) {
        Optional<Budget> budget = billing.budgets().find(visit.home().id());
        Fields shown = fields.typed().isEmpty() && budget.isPresent()
                ? fields.with("amount", budget.get().amount().amount().toPlainString())
                        .with("atLimit", budget.get().atLimit().name())
                : fields;
        Map<String, Object> values = new HashMap<>();
        values.put("fields", shown);
        values.put("budget", budget.orElse(null));
        values.put("currency", currency(visit).getCurrencyCode());
        values.put("month", billing.monthToDate(visit.home().id()).orElse(null));
        return pages.page(fields.ok() ? 200 : 422, visit, "Budget", "billing", "budget.jte", values);
    }

    private Response setBudget(Visit visit) {
        Fields fields = Fields.typed("amount", visit.form().text("amount"))
                .with("atLimit", visit.form().text("atLimit"));
        Budget.AtLimit atLimit =
                fields.value("atLimit").equals("REFUSE_CALLS") ? Budget.AtLimit.REFUSE_CALLS : Budget.AtLimit.TELL;
        if (!fields.value("amount").matches("[0-9]{1,9}(\\.[0-9]{1,4})?")) {
            return budgetForm(visit, fields.fault("amount", "Write an amount as 250 or 250.00."));
        }
        Money amount = Money.of(fields.value("amount"), currency(visit).getCurrencyCode());
        try {
            billing.budgets()
                    .set(
                            visit.home().id(),
                            amount,
                            atLimit,
                            "member:" + visit.person().mail());
        } catch (ProblemException e) {
            String fault = e.problem().errors().stream()
                    .findFirst()
                    .map(FieldError::message)
                    .map(Show::sentence)
                    .orElse(e.problem().detail());
            return budgetForm(visit, fields.fault("amount", fault));
        }
        trail.note(visit, "budget.set", Show.money(amount) + (atLimit == Budget.AtLimit.TELL ? "" : ", a cap"));
        return Response.seeOther("/billing?after=budget");
    }

    private Response removeBudget(Visit visit) {
        billing.budgets().remove(visit.home().id(), "member:" + visit.person().mail());
        trail.note(visit, "budget.remove", visit.home().slug());
        return Response.seeOther("/billing");
    }

    private Currency currency(Visit visit) {
        return billing.monthToDate(visit.home().id())
                .map(MonthToDate::draft)
                .map(draft -> draft.total().currency())
                .orElse(visit.home().plan().monthlyFee().currency());
    }
}
