package dev.gatehouse.directory.admin;

import dev.gatehouse.directory.Key;
import dev.gatehouse.directory.NewKey;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.key.KeyChanges;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.directory.tenant.TenantChanges;
import dev.gatehouse.directory.view.KeyView;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The operations on keys. */
final class KeyOperations {
    private static final int USUAL_OVERLAP = 86_400;

    private final DirectoryStore store;

    KeyOperations(DirectoryStore store) {
        this.store = store;
    }

    void add(Map<String, Handler> handlers, AdminDesk desk) {
        handlers.put("listKeys", desk.reading(this::list));
        handlers.put("createKey", desk.changing(KeyOperations::create));
        handlers.put(
                "revokeKey",
                desk.changing((call, writing) ->
                        Answer.ok(KeyView.of(new KeyChanges(writing).revoke(named(call, writing))))));
        handlers.put("rotateKey", desk.changing(KeyOperations::rotate));
    }

    private Response list(ApiCall call) {
        return Paging.whole(store.asSystem(session -> {
            Tenant tenant = TenantChanges.require(session, call.text("tenant").orElse(""));
            return session.keys().of(tenant.id()).stream().map(KeyView::of).toList();
        }));
    }

    private static Answer create(ApiCall call, Writing writing) {
        Tenant tenant = TenantOperations.named(call, writing);
        Fields body = Fields.of(call.body());
        List<String> scopes = body.texts("scopes");
        NewKey wanted = new NewKey(
                body.text("name", "key"),
                body.text("mode", "live").equals("test") ? KeyMode.TEST : KeyMode.LIVE,
                scopes.isEmpty() ? Set.of("*") : Set.copyOf(scopes),
                body.instant("expiresAt"),
                body.texts("allowedAddresses"),
                body.whole("quotaPercent"));
        return Answer.created(KeyView.of(new KeyChanges(writing).create(tenant.id(), wanted)));
    }

    private static Answer rotate(ApiCall call, Writing writing) {
        Duration overlap = Duration.ofSeconds(Fields.of(call.body()).whole("overlapSeconds", USUAL_OVERLAP));
        return Answer.created(KeyView.of(new KeyChanges(writing).rotate(named(call, writing), overlap)));
    }

    private static Key named(ApiCall call, Writing writing) {
        String id = call.text("key").orElse("");
        if (!PrefixedId.isWellFormed(KeyId.PREFIX, id)) {
            throw Refusals.notFound("key", id);
        }
        return writing.session().keys().find(new KeyId(id)).orElseThrow(() -> Refusals.notFound("key", id));
    }
}
