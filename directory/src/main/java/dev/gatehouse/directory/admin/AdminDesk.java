package dev.gatehouse.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.directory.change.ChangeDesk;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What every operation has in common: who may call it, and for changes the reason, the trial run and the replay. */
final class AdminDesk {
    private final Operators operators;
    private final ChangeDesk desk;
    private final Replay replay;
    private final Map<String, Set<OperatorRole>> roles = new HashMap<>();

    AdminDesk(ApiDescription description, Operators operators, ChangeDesk desk, Replay replay) {
        this.operators = operators;
        this.desk = desk;
        this.replay = replay;
        for (JsonNode path : description.document().path("paths")) {
            for (JsonNode operation : path) {
                Set<OperatorRole> allowed = new HashSet<>();
                operation.path("x-roles").forEach(role -> allowed.add(OperatorRole.of(role.asText())));
                roles.put(operation.path("operationId").asText(), Set.copyOf(allowed));
            }
        }
    }

    /** An operation that changes nothing. */
    Handler reading(Handler handler) {
        return call -> {
            operator(call);
            return handler.handle(call);
        };
    }

    /** An operation that changes something. */
    Handler changing(BiFunction<ApiCall, Writing, Answer> work) {
        return changing(call -> {}, work);
    }

    /** @param before is asked outside of the change's transaction, and may refuse it */
    Handler changing(Consumer<ApiCall> before, BiFunction<ApiCall, Writing, Answer> work) {
        return call -> {
            Operator operator = operator(call);
            before.accept(call);
            Actor actor = actor(call, operator);
            return desk.change(
                    actor,
                    writing -> call.isOn("dryRun")
                            ? trial(call, writing, work)
                            : replay.once(call, operator, writing, () -> work.apply(call, writing)));
        };
    }

    /** An operation of another module that changes something there. */
    Handler changing(String operation, AdminPart.Change change) {
        return call -> {
            Operator operator = operator(call);
            Actor actor = actor(call, operator);
            if (call.isOn("dryRun")) {
                AdminPart.Changed would = change.make(call, actor, AdminPart.Mode.TRIAL);
                return Response.ok(new DryRun(true, tree(would.before()), tree(would.after())));
            }
            return desk.change(
                    actor,
                    writing -> replay.once(call, operator, writing, () -> {
                        AdminPart.Changed done = change.make(call, actor, AdminPart.Mode.FOR_GOOD);
                        writing.note(operation, done.subject(), done.tenant(), done.before(), done.after());
                        return new Answer(done.status(), done.answer());
                    }));
        };
    }

    /** An operation of another module that takes long: the directory is written to before and after it, not meanwhile. */
    Handler taking(String operation, AdminPart.Change change) {
        return call -> {
            Operator operator = operator(call);
            Actor actor = actor(call, operator);
            if (call.isOn("dryRun")) {
                AdminPart.Changed would = change.make(call, actor, AdminPart.Mode.TRIAL);
                return Response.ok(new DryRun(true, tree(would.before()), tree(would.after())));
            }
            Optional<Response> before = desk.change(actor, writing -> replay.kept(call, operator, writing));
            if (before.isPresent()) {
                return before.get();
            }
            AdminPart.Changed done = change.make(call, actor, AdminPart.Mode.FOR_GOOD);
            return desk.change(
                    actor,
                    writing -> replay.once(call, operator, writing, () -> {
                        writing.note(operation, done.subject(), done.tenant(), done.before(), done.after());
                        return new Answer(done.status(), done.answer());
                    }));
        };
    }

    private static Actor actor(ApiCall call, Operator operator) {
        return new Actor(
                operator.name(),
                call.text("reason").orElse(null),
                call.request().id());
    }

    private static @Nullable JsonNode tree(@Nullable Object value) {
        return value == null ? null : Json.MAPPER.valueToTree(value);
    }

    private Operator operator(ApiCall call) {
        return operators.require(
                call.request(), roles.getOrDefault(call.operation().id(), Set.of()));
    }

    private static Response trial(ApiCall call, Writing writing, BiFunction<ApiCall, Writing, Answer> work) {
        writing.session().mark();
        Answer unused = work.apply(call, writing);
        writing.session().undo();
        return Response.ok(new DryRun(true, writing.before(), writing.after()));
    }

    private record DryRun(
            boolean dryRun,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}
}
