package dev.gatehouse.app.start;

import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.AddedOperations.AddedChange;
import dev.gatehouse.runtime.api.AddedOperations.Done;
import java.util.HashMap;
import java.util.Map;

/** Makes a part of the admin API out of the operations of a module that does not know the directory. */
final class AddedParts {
    private AddedParts() {}

    static AdminPart of(AddedOperations added) {
        Map<String, AdminPart.Change> changes = new HashMap<>();
        added.changes().forEach((id, change) -> changes.put(id, change(change)));
        return new AdminPart(added.description(), added.reads(), changes);
    }

    private static AdminPart.Change change(AddedChange change) {
        return (call, actor, mode) -> {
            Done done = switch (mode) {
                case TRIAL -> change.preview(call);
                case FOR_GOOD -> change.make(call);
            };
            return new AdminPart.Changed(
                    200, done.answer(), done.subject(), done.tenant(), done.before(), done.after());
        };
    }
}
