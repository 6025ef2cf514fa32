package dev.gatehouse.kernel.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AreaTest {

    @Test
    @DisplayName("an area is read as people write it, and written in one way")
    void parse() {
        assertThat(Area.parse("county:lucas-oh")).hasValue(Area.county("Lucas", "OH"));
        assertThat(Area.parse(" City : New York, NY ")).hasValue(Area.city("New York", "NY"));
        assertThat(Area.parse("zip:43604-1234").orElseThrow().text()).isEqualTo("zip:43604");
        assertThat(Area.parse("city:Doña Ana, NM").orElseThrow().text()).isEqualTo("city:dona-ana-nm");
        assertThat(Area.parse("geohash:DPH2J").orElseThrow().text()).isEqualTo("geohash:dph2j");
        for (String text :
                List.of("", "lucas", "county:", "county: ,", "shire:lucas", "geohash:ail", "geohash:0123456789")) {
            assertThat(Area.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    @DisplayName("a home lies in the areas that its source names")
    void around() {
        assertThat(Area.around("Lucas", "43604", "Toledo", "OH"))
                .extracting(Area::text)
                .containsExactly("county:lucas-oh", "zip:43604", "city:toledo-oh");
        assertThat(Area.around("Lucas", null, " ", null)).extracting(Area::text).containsExactly("county:lucas");
    }

    @Test
    @DisplayName("a geohash is the one that others give, its cell holds the place, and a place off the earth has none")
    void geohash() {
        assertThat(Geohash.of(57.64911, 10.40744, 9)).isEqualTo("u4pruydqq");
        for (int length = 1; length <= Geohash.LONGEST; length++) {
            String name = Geohash.of(41.6528, -83.5379, length);
            assertThat(name).hasSize(length);
            assertThat(Geohash.box(name).holds(41.6528, -83.5379)).as(name).isTrue();
        }
        assertThatThrownBy(() -> Geohash.of(91, 0, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Geohash.of(Double.NaN, 0, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("an unknown area is answered with the known ones that it may mean")
    void nearest() {
        List<String> known = List.of("county:lucas-oh", "county:bronx-ny", "city:toledo-oh", "zip:43604", "zip:10001");
        assertThat(NearestAreas.to(Area.county("Lucas", null), known, 1)).containsExactly("county:lucas-oh");
        assertThat(NearestAreas.to(Area.zip("43605"), known, 2)).containsExactly("zip:43604", "zip:10001");
    }
}
