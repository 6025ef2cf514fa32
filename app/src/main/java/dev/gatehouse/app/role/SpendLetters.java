package dev.gatehouse.app.role;

import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.LineWords;
import dev.gatehouse.billing.budget.BudgetWatch;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Member;
import dev.gatehouse.directory.MemberRole;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.portal.MailPost;

/** Tells a tenant's owners, and who pays its bills, by mail what has been spent. */
record SpendLetters(Directory directory, MailPost post) implements BudgetWatch.Notices {
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
        for (Member member : directory.members(tenant.id())) {
            if (member.role() == MemberRole.OWNER || member.role() == MemberRole.BILLING) {
                post.send(member.mail(), subject, text);
            }
        }
    }
}
