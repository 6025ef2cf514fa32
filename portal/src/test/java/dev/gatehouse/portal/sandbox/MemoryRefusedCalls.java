package dev.gatehouse.portal.sandbox;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.metering.RefusedCalls;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Refused calls in memory. */
public final class MemoryRefusedCalls implements RefusedCalls {
    public final List<RefusedCall> calls = new CopyOnWriteArrayList<>();

    @Override
    public Optional<RefusedCall> find(TenantId tenant, String id) {
        return last(tenant, Integer.MAX_VALUE).stream()
                .filter(call -> call.requestId().equals(id) || id.equals(call.clientRequestId()))
                .findFirst();
    }

    @Override
    public List<RefusedCall> last(TenantId tenant, int limit) {
        return calls.reversed().stream()
                .filter(call -> call.tenant().equals(tenant))
                .limit(limit)
                .toList();
    }
}
