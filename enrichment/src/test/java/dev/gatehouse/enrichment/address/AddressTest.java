package dev.gatehouse.enrichment.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressTest {

    private static Address read(String text) {
        return AddressReader.read(text).orElseThrow(() -> new AssertionError("not read: " + text));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("the same house, however it is written, is taken apart into the same parts")
    @CsvSource(
            delimiter = '|',
            value = {
                "123 N Main St, Apt 4, Toledo, OH 43604",
                "123 north main street apt. 4 toledo oh 43604",
                "123 N. MAIN STREET #4, TOLEDO OH 43604-1234",
                "123 N Main St 4, Toledo, OH 43604",
                "123 n main st 4 toledo oh 43604",
                "123 N Main Str., Unit 4, Toledo, Ohio 43604",
                "  123   N   Main St ,  # 4 , Toledo , OH , 43604 "
            })
    void spellings(String text) {
        assertThat(read(text)).isEqualTo(new Address("123", "N", "MAIN", "ST", null, "4", "TOLEDO", "OH", "43604"));
    }

    @Test
    @DisplayName("numbered streets, directions behind, fractions, letters and saints keep their meaning")
    void special() {
        assertThat(read("12 Fifth Avenue")).isEqualTo(read("12 5th ave"));
        assertThat(read("12 Elm Rd SW, Toledo"))
                .extracting(Address::after, Address::city)
                .containsExactly("SW", "TOLEDO");
        assertThat(read("12 1/2 Elm Rd").number()).isEqualTo("12 1/2");
        assertThat(read("12 State Hwy 20").street()).isEqualTo("STATE HWY 20");
        assertThat(read("12B Elm Rd").number()).isEqualTo("12B");
        assertThat(read("100 N St").street()).isEqualTo("N");
        assertThat(read("5 Peña Ct").street()).isEqualTo("PENA");
        assertThat(read("7 O'Brien Ln").street()).isEqualTo("OBRIEN");
        assertThat(read("9 Broadway, New York, NY 10004").city()).isEqualTo("NEW YORK");
    }

    @Test
    @DisplayName("what has no house number or no street is not read, nor is what nobody writes")
    void unreadable() {
        for (String text : List.of("", "Main St", "123", ",,,", "123 ,", "x".repeat(10_000), "1 " + "a ".repeat(145))) {
            assertThat(AddressReader.read(text)).as(text).isEmpty();
        }
    }

    @Test
    @DisplayName("any one edit of a word is found by its spellings, and anything farther is not taken for it")
    void oneEdit() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String word = random.ints(3 + random.nextInt(8), 'A', 'F' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String edited = edit(word, random);
            assertThat(Spelling.distance(word, edited))
                    .as("%s %s, seed %d", word, edited, seed)
                    .isLessThan(2);
            assertThat(Spelling.variants(edited))
                    .as("%s %s, seed %d", word, edited, seed)
                    .containsAnyElementsOf(Spelling.variants(word));
        }
        assertThat(Spelling.distance("MAIN", "MOON")).isEqualTo(2);
        assertThat(Spelling.distance("MAIN", "MAINER")).isEqualTo(2);
        assertThat(Spelling.distance("ABCD", "BADC")).isEqualTo(2);
    }

    private static String edit(String word, Random random) {
        int at = random.nextInt(word.length());
        char letter = (char) ('A' + random.nextInt(26));
        return switch (random.nextInt(4)) {
            case 0 -> word.substring(0, at) + word.substring(at + 1);
            case 1 -> word.substring(0, at) + letter + word.substring(at);
            case 2 -> word.substring(0, at) + letter + word.substring(at + 1);
            default ->
                at + 1 == word.length()
                        ? word
                        : word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
        };
    }

    @Test
    @DisplayName("another house number, another unit or a name two edits away is another home")
    void others() {
        Address known = read("123 N Main St Apt 4, Toledo, OH 43604");
        assertThat(Likeness.of(read("124 N Main St Apt 4"), known)).isZero();
        assertThat(Likeness.of(read("123 N Main St Apt 5"), known)).isZero();
        assertThat(Likeness.of(read("123 N Mean Sq Apt 4"), known)).isZero();
    }

    @Test
    @DisplayName("one typo in the street and one in the city are still surely the home, a missing suffix and city too")
    void sure() {
        Address known = read("123 N Main St, Toledo, OH 43604");
        assertThat(Likeness.of(known, known)).isEqualTo(1);
        assertThat(Likeness.of(read("123 N Mian St, Toldo, OH 43604"), known)).isGreaterThan(Choice.SURE);
        assertThat(Likeness.of(read("123 Main"), known)).isGreaterThan(Choice.SURE);
        assertThat(Likeness.of(read("123 S Main St, Dayton, OH"), known)).isLessThan(Choice.SURE);
    }

    @Test
    @DisplayName("two that are about as likely are both shown, and none is chosen")
    void ambiguous() {
        Address asked = read("123 Main St");
        List<Choice.Candidate<String>> both = List.of(
                new Choice.Candidate<>("a", Likeness.of(asked, read("123 N Main St, Toledo, OH 43604"))),
                new Choice.Candidate<>("b", Likeness.of(asked, read("123 S Main St, Toledo, OH 43604"))));
        assertThat(Choice.among(both)).isInstanceOf(Choice.Several.class);
        assertThat(Choice.among(both.subList(0, 1))).isInstanceOf(Choice.One.class);
        assertThat(Choice.among(List.<Choice.Candidate<String>>of())).isInstanceOf(Choice.None.class);
    }
}
