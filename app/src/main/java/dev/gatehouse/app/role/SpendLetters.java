package dev.gatehouse.app.role;

import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.LineWords;
import dev.gatehouse.billing.budget.BudgetWatch;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.portal.OwnerMail;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a tenant's owners, and who pays its bills, by mail what has been spent. */
record SpendLetters(OwnerMail mail) implements BudgetWatch.Notices {
    private static final Logger LOG = LoggerFactory.getLogger(SpendLetters.class);

    @Override
    public void tell(Tenant tenant, Budget budget, Budget.Alert alert) {
        String subject = tenant.name() + " has used " + alert.percent() + " % of its budget";
        String text = "This month's calls cost " + LineWords.money(alert.spent()) + " so far, of a budget of "
                + LineWords.money(budget.amount()) + ".\n\n"
                + (alert.percent() < 100
                        ? "You hear from us again at the next step."
                        : budget.atLimit() == Budget.AtLimit.REFUSE_CALLS
                                ? "Calls that cost something are refused with the code spend_cap until the month is over,"
                                        + " or until you raise or end the budget."
                                : "Calls go on being served, and go on costing.")
                + "\n";
        try {
            int sent = mail.aboutMoney(tenant.id(), subject, text);
            LOG.info("{} members of {} were told of {} % of the budget", sent, tenant.id(), alert.percent());
        } catch (SQLException | RuntimeException e) {
            LOG.error("The members of {} could not be told of {} % of the budget", tenant.id(), alert.percent(), e);
        }
    }
}
