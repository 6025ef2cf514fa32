package dev.gatehouse.directory.admin;

import dev.gatehouse.directory.aside.AsideBoard;
import dev.gatehouse.directory.aside.AsideView;
import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.kernel.aside.AsideDecision.Kind;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import java.util.Map;

/** The operations on records that some process cannot use. */
final class AsideOperations {
    private final AsideBoard board;

    AsideOperations(AsideBoard board) {
        this.board = board;
    }

    void add(Map<String, Handler> handlers, AdminDesk desk) {
        handlers.put("listSetAside", desk.reading(call -> Paging.whole(board.list())));
        handlers.put("retrySetAside", desk.changing((call, writing) -> decide(call, writing, Kind.RETRY)));
        handlers.put("dropSetAside", desk.changing((call, writing) -> decide(call, writing, Kind.DROP)));
    }

    private Answer decide(ApiCall call, Writing writing, Kind kind) {
        String id = call.text("id").orElse("");
        AsideView view = board.find(id).orElseThrow(() -> Refusals.notFound("record that is set aside", id));
        String reason = call.text("reason").orElse("");
        if (kind == Kind.DROP && reason.isBlank()) {
            throw Refusals.refused("reason", "is needed to drop a record: say why nothing is lost by it");
        }
        if (!call.isOn("dryRun")) {
            board.decide(view, kind, reason);
        }
        String decision = kind == Kind.RETRY ? "retry" : "drop";
        Map<String, String> after = Map.of("id", id, "decision", decision);
        writing.note(decision + "SetAside", view.source() + " " + view.record(), null, view, after);
        return new Answer(202, after);
    }
}
