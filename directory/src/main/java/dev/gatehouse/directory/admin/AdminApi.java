package dev.gatehouse.directory.admin;

import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.directory.aside.AsideBoard;
import dev.gatehouse.directory.change.ChangeDesk;
import dev.gatehouse.directory.change.SalesDesk;
import dev.gatehouse.directory.plan.PlanCatalogue;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.directory.view.PlanView;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The admin API, put together from its description. */
public final class AdminApi {
    private static final ApiDescription DESCRIPTION = ApiDescription.resource(AdminApi.class, "admin.yaml");

    private final DirectoryStore store;
    private final PlanCatalogue plans;
    private final SalesDesk sales;
    private final InternalSecrets secrets;
    private final InstantSource clock;
    private final AsideBoard asides;

    public AdminApi(
            DirectoryStore store,
            PlanCatalogue plans,
            SalesDesk sales,
            InternalSecrets secrets,
            InstantSource clock,
            AsideBoard asides) {
        this.asides = asides;
        this.sales = sales;
        this.secrets = secrets;
        this.store = store;
        this.plans = plans;
        this.clock = clock;
    }

    public static ApiDescription description() {
        return DESCRIPTION;
    }

    /**
     * Adds the operations to {@code router}.
     *
     * @param sealing 32 secret bytes that seal kept answers
     */
    public void mount(Router router, Operators operators, ChangeDesk changes, byte[] sealing) {
        AdminDesk desk = new AdminDesk(DESCRIPTION, operators, changes, new Replay(sealing));
        Map<String, Handler> handlers = new HashMap<>();
        new TenantOperations(store, plans, sales, clock).add(handlers, desk);
        new KeyOperations(store).add(handlers, desk);
        new RouteOperations(store, secrets).add(handlers, desk);
        new OperatorOperations(store).add(handlers, desk);
        new AsideOperations(asides).add(handlers, desk);
        handlers.put(
                "listPlans",
                desk.reading(call ->
                        Paging.whole(plans.all().stream().map(PlanView::of).toList())));
        ChangeContract.require(DESCRIPTION, Set.of());
        ApiRouter.mount(router, DESCRIPTION, handlers);
        router.get(
                "/admin/v1/openapi.yaml",
                request -> Response.bytes(
                        200, "application/yaml", DESCRIPTION.text().getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds another module's operations. */
    public void mount(Router router, Operators operators, ChangeDesk changes, byte[] sealing, AdminPart part) {
        AdminDesk desk = new AdminDesk(part.description(), operators, changes, new Replay(sealing));
        Map<String, Handler> handlers = new HashMap<>();
        part.reading().forEach((operation, handler) -> handlers.put(operation, desk.reading(handler)));
        part.changing().forEach((operation, change) -> handlers.put(operation, desk.changing(operation, change)));
        part.taking().forEach((operation, change) -> handlers.put(operation, desk.taking(operation, change)));
        ChangeContract.require(part.description(), part.reading().keySet());
        ApiRouter.mount(router, part.description(), handlers);
    }
}
