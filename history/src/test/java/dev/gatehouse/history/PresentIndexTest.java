package dev.gatehouse.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.history.FeedByHand.Home;
import dev.gatehouse.kernel.area.Area;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A price index that was made")
class PresentIndexTest {
    private static final List<String> AROUND_TOLEDO =
            List.of("city:toledo-oh", "county:lucas-oh", "zip:43604", square(1), square(4), square(6));

    @Test
    @DisplayName("is made anew when a sale of its area comes or goes, and is kept when one of another area does")
    void present() throws Exception {
        try (HistoryForTests service = new HistoryForTests()) {
            soldTwice(service, "home-1", "Toledo");
            soldTwice(service, "home-2", "Maumee");
            service.caughtUp();
            assertThat(AROUND_TOLEDO.stream().map(area -> pairs(service, area))).containsExactly(1, 2, 2, 2, 2, 2);
            assertThat(pairs(service, "city:maumee-oh")).isEqualTo(1);
            long maumee = version(service, "city:maumee-oh");

            soldTwice(service, "home-3", "Toledo");
            service.caughtUp();
            assertThat(AROUND_TOLEDO.stream().map(area -> pairs(service, area))).containsExactly(2, 3, 3, 3, 3, 3);
            assertThat(version(service, "city:maumee-oh")).isEqualTo(maumee);

            service.feed.moved(
                    new Home("home-3", "Toledo", "test", null),
                    "home-3-later",
                    "Closed",
                    "Active",
                    FeedByHand.RECORDED);
            service.caughtUp();
            assertThat(AROUND_TOLEDO.stream().map(area -> pairs(service, area))).containsExactly(1, 2, 2, 2, 2, 2);
            assertThat(version(service, "city:maumee-oh")).isEqualTo(maumee);
        }
    }

    private static String square(int letters) {
        return Area.geohash(41.65, -83.53, letters).text();
    }

    private static void soldTwice(HistoryForTests service, String home, String city) {
        Home sold = new Home(home, city, "test", null);
        service.feed.sold(sold, home + "-first", "100000", LocalDate.of(2015, 3, 2));
        service.feed.sold(sold, home + "-later", "150000", LocalDate.of(2020, 5, 4));
    }

    private static long version(HistoryForTests service, String area) {
        return service.number("SELECT version FROM history.pairs_version WHERE area = '" + area + "'");
    }

    private static int pairs(HistoryForTests service, String area) {
        JsonNode data =
                service.get("/v2/markets/" + area + "/price-index").json().path("data");
        return data.path("pairs").asInt();
    }
}
