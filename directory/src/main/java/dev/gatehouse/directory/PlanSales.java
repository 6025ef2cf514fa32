package dev.gatehouse.directory;

import java.util.Optional;

/** Who sells the plans has a say before a tenant comes onto one, and before a suspended tenant comes back. */
public interface PlanSales {
    /** Whoever wants may come onto any plan. */
    PlanSales OPEN = new PlanSales() {
        @Override
        public Optional<String> objectionToPlan(Tenant tenant, String plan) {
            return Optional.empty();
        }

        @Override
        public Optional<String> objectionToResume(Tenant tenant) {
            return Optional.empty();
        }
    };

    /** Why the tenant cannot come onto the plan, as what is to follow on "plan"; empty when it can. */
    Optional<String> objectionToPlan(Tenant tenant, String plan);

    /** Why the tenant cannot be resumed, as what is to follow on "tenant"; empty when it can. */
    Optional<String> objectionToResume(Tenant tenant);
}
