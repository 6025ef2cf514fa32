package dev.gatehouse.app.role;

import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.LineWords;
import dev.gatehouse.billing.budget.BudgetWatch;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.portal.OwnerMail;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a tenant's owners, and who pays its bills, by mail what has been spent. */
record SpendLetters(OwnerMail mail) implements BudgetWatch.Notices {
    private static final Logger LOG = LoggerFactory.getLogger(SpendLetters.class);

    @Override
    public List<String> recipients(Tenant tenant) {
        try {
            return mail.addressesForMoney(tenant.id());
        } catch (SQLException e) {
            throw new IllegalStateException("the members of " + tenant.id() + " could not be read", e);
        }
    }

    @Override
    public void tell(Tenant tenant, Budget budget, Budget.Alert alert, String recipient) {
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
        mail.post().send(recipient, subject, text);
        LOG.info("a member of {} was told of {} % of the budget", tenant.id(), alert.percent());
    }
}
