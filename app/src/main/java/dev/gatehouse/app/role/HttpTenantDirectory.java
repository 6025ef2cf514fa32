package dev.gatehouse.app.role;

import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.TenantLookup;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.metering.TenantDirectory;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;

/** Asks the directory, of this process or of another, over its internal interface. */
record HttpTenantDirectory(HttpCaller caller, URI directory, InternalSecrets secrets) implements TenantDirectory {
    @Override
    public boolean isKnown(TenantId tenant) throws IOException {
        HttpCaller.Answer answer = caller.get(
                directory.resolve(DirectoryPaths.TENANTS + "/" + tenant.value()),
                Map.of(InternalSecrets.PROCESS_HEADER, secrets.processToken()));
        if (answer.status() != 200) {
            throw new IOException("it answers " + answer.status());
        }
        try {
            return Json.read(answer.body(), TenantLookup.class).known();
        } catch (UncheckedIOException e) {
            throw new IOException("its answer cannot be read", e);
        }
    }
}
