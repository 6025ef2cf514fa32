package dev.gatehouse.directory.admin;

import dev.gatehouse.directory.AuditRecord;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.directory.tenant.TenantChanges;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import java.util.List;
import java.util.Map;

/** The operations on operator tokens, and the audit log. */
final class OperatorOperations {
    private final DirectoryStore store;

    OperatorOperations(DirectoryStore store) {
        this.store = store;
    }

    void add(Map<String, Handler> handlers, AdminDesk desk) {
        handlers.put("listAudit", desk.reading(this::audit));
        handlers.put("listOperatorTokens", desk.reading(call -> list()));
        handlers.put("createOperatorToken", desk.changing(OperatorOperations::create));
        handlers.put(
                "revokeOperatorToken",
                desk.changing((call, writing) -> Answer.ok(OperatorTokenView.of(new OperatorTokenChanges(writing)
                        .revoke(call.text("token").orElse(""))))));
    }

    private Response audit(ApiCall call) {
        String cursor = Paging.cursor(call, text -> text.matches("[0-9]{1,18}"));
        int limit = Paging.limit(call);
        List<AuditRecord> records = store.asSystem(session -> {
            TenantId tenant = call.text("tenant")
                    .map(name -> TenantChanges.require(session, name).id())
                    .orElse(null);
            return session.audit().page(tenant, cursor == null ? null : Long.valueOf(cursor), limit + 1);
        });
        return Paging.page(records, limit, record -> Long.toString(record.id()));
    }

    private Response list() {
        return Paging.whole(store.asSystem(session ->
                session.operators().all().stream().map(OperatorTokenView::of).toList()));
    }

    private static Answer create(ApiCall call, Writing writing) {
        Fields body = Fields.of(call.body());
        return Answer.created(OperatorTokenView.of(new OperatorTokenChanges(writing)
                .create(
                        body.text("name", ""),
                        OperatorRole.of(body.text("role", "viewer")),
                        body.instant("expiresAt"))));
    }
}
