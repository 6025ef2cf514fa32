package dev.gatehouse.bench.portal;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.portal.account.Person;
import dev.gatehouse.portal.account.Session;
import dev.gatehouse.portal.account.Tokens;
import dev.gatehouse.portal.store.PostgresAccountStore;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Sessions as signing in makes them, put into the portal's table: so many sign-ins from one address would be refused. */
final class Sessions {
    private Sessions() {}

    /** @return the cookies of each */
    static List<String> of(DatabaseUrl url, String mail, int count) throws SQLException {
        InstantSource clock = InstantSource.system();
        List<String> cookies = new ArrayList<>();
        try (Database database = Database.open(url, "portal", "classpath:dev/gatehouse/portal/store", 1)) {
            PostgresAccountStore accounts = new PostgresAccountStore(database);
            Person person = accounts.byMail(mail).orElseThrow();
            Instant now = clock.instant();
            for (int i = 0; i < count; i++) {
                String token = Tokens.next();
                accounts.addSession(
                        Tokens.hash(token),
                        new Session(
                                PrefixedId.next("ses", clock),
                                person.id(),
                                mail,
                                now,
                                now,
                                now,
                                now.plus(Duration.ofDays(1)),
                                "127.0.0.1",
                                "bench " + i));
                cookies.add("gatehouse_session=" + token + "; gatehouse_browser=" + Tokens.next());
            }
        }
        return cookies;
    }
}
