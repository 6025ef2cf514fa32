package dev.gatehouse.runtime.http;

import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.scope.RequestScope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells calls that came through the gateway, and calls of other processes of the installation, from all others. */
public final class CallerGuard {
    private static final String PROCESS_HEADER = InternalSecrets.PROCESS_HEADER.toLowerCase(Locale.ROOT);
    private static final String ID_HEADER = InternalHeaders.REQUEST_ID.toLowerCase(Locale.ROOT);

    private final byte[] identityKey;
    private final byte[] processToken;
    private final InstantSource clock;

    public CallerGuard(InternalSecrets secrets, InstantSource clock) {
        this.identityKey = secrets.identityKey();
        this.processToken = secrets.processToken().getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /** The identity in the header, or null when there is none or it is not to be trusted. */
    public @Nullable CallerIdentity open(@Nullable String header) {
        return header == null
                ? null
                : new IdentitySeal(identityKey).open(header, clock.instant()).orElse(null);
    }

    /** Lets only other processes of the installation through to {@code endpoint}. */
    public Endpoint internal(Endpoint endpoint) {
        return request -> {
            byte[] token = request.header(PROCESS_HEADER).orElse("").getBytes(StandardCharsets.UTF_8);
            if (!MessageDigest.isEqual(processToken, token)) {
                throw new ProblemException(
                        ProblemCode.IDENTITY_MISSING, "This path is for other processes of the installation.");
            }
            return request.header(ID_HEADER).isPresent()
                    ? endpoint.handle(request)
                    : RequestScope.callOwn(() -> endpoint.handle(request));
        };
    }

    /** Lets only calls through to {@code endpoint} that a gateway vouches for. */
    public Endpoint vouched(Endpoint endpoint) {
        return request -> {
            request.caller();
            return endpoint.handle(request);
        };
    }
}
