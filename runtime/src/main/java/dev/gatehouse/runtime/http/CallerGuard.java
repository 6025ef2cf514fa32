package dev.gatehouse.runtime.http;

import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.scope.RequestScope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells calls that came through the gateway, and calls of other processes of the installation, from all others. */
public final class CallerGuard {
    private static final String PROCESS_HEADER = InternalSecrets.PROCESS_HEADER.toLowerCase(Locale.ROOT);
    private static final int LONGEST_TOKEN = 256;
    private static final String ID_HEADER = InternalHeaders.REQUEST_ID.toLowerCase(Locale.ROOT);

    private final IdentitySeal seal;
    private final byte[] processToken;
    private final InstantSource clock;

    /** @param service which service this is: what was sealed for another is not opened */
    public CallerGuard(InternalSecrets secrets, String service, InstantSource clock) {
        this.seal = new IdentitySeal(secrets, service);
        this.processToken = secrets.processToken().getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /**
     * Who a gateway says that calls, or null when nobody does, or not about this very call.
     *
     * @param headers all values of {@link IdentitySeal#HEADER}
     */
    public @Nullable CallerIdentity open(List<String> headers, SealedCall call) {
        return headers.size() == 1
                ? seal.copy().open(headers.getFirst(), clock.instant(), call).orElse(null)
                : null;
    }

    /** Lets only other processes of the installation through to {@code endpoint}. */
    public Endpoint internal(Endpoint endpoint) {
        return request -> {
            if (!isOfThisInstallation(request)) {
                throw new ProblemException(
                        ProblemCode.IDENTITY_MISSING, "This path is for other processes of the installation.");
            }
            return request.header(ID_HEADER).isPresent()
                    ? endpoint.handle(request)
                    : RequestScope.callOwn(() -> endpoint.handle(request));
        };
    }

    private boolean isOfThisInstallation(Request request) {
        List<String> given = request.headers().getOrDefault(PROCESS_HEADER, List.of());
        return given.size() == 1
                && given.getFirst().length() <= LONGEST_TOKEN
                && MessageDigest.isEqual(processToken, given.getFirst().getBytes(StandardCharsets.UTF_8));
    }

    /** Lets only calls through to {@code endpoint} that a gateway vouches for. */
    public Endpoint vouched(Endpoint endpoint) {
        return request -> {
            request.caller();
            return endpoint.handle(request);
        };
    }
}
