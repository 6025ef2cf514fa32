package dev.gatehouse.enrichment.address;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes addresses apart as people write them: {@code 123 north main street, apt. 4, toledo oh 43604}. Commas help and are
 * not needed. What it cannot tell, such as where a street's name ends and the city begins without a suffix between them, it
 * leaves in the street, and the search decides.
 */
public final class AddressReader {
    /** Characters that a text may have. */
    public static final int LONGEST = 300;

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}(?:-\\d{1,5})?[A-Z]?");
    private static final Pattern FRACTION = Pattern.compile("\\d/\\d");
    private static final Pattern BARE_UNIT = Pattern.compile("\\d{1,5}[A-Z]?|[A-Z]\\d{1,4}");
    private static final Pattern ZIP = Pattern.compile("(\\d{5})(?:-?\\d{4})?");
    private static final Pattern OTHER = Pattern.compile("[^A-Z0-9#,/-]+");
    private static final Pattern HASH = Pattern.compile("#\\s*");
    private static final int MOST_WORDS = 40;

    private AddressReader() {}

    /** @return empty when the text has no house number with a street behind it */
    public static Optional<Address> read(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        List<String> words =
                new ArrayList<>(Arrays.asList(HASH.matcher(spaced(text).replace(",", " , "))
                        .replaceAll(" # ")
                        .strip()
                        .split(" +")));
        words.removeIf(String::isEmpty);
        while (!words.isEmpty() && words.getFirst().equals(",")) {
            words.removeFirst();
        }
        if (words.size() < 2
                || words.size() > MOST_WORDS
                || !NUMBER.matcher(words.getFirst()).matches()) {
            return Optional.empty();
        }
        return new Parse(words).address();
    }

    /** Capitals, no accents, no punctuation but what means something in an address. */
    private static String spaced(String text) {
        String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                .replaceAll("")
                .toUpperCase(Locale.ROOT)
                .replace("'", "")
                .replace(".", "");
        return OTHER.matcher(plain).replaceAll(" ");
    }

    static String plain(String text) {
        return spaced(text)
                .replace(",", " ")
                .replace("-", " ")
                .replaceAll(" +", " ")
                .strip();
    }

    /** A unit without its designator; null when there is none. */
    public static @Nullable String unit(@Nullable String text) {
        if (text == null) {
            return null;
        }
        StringBuilder unit = new StringBuilder();
        for (String word : plain(text).replace("#", " ").split(" +")) {
            if (UspsWords.unit(word) == null) {
                unit.append(word);
            }
        }
        return unit.isEmpty() ? null : unit.toString();
    }

    static @Nullable String zip(String text) {
        Matcher zip = ZIP.matcher(text.strip());
        return zip.matches() ? zip.group(1) : null;
    }

    /** Takes words off both ends until the street's name is left. */
    private static final class Parse {
        private final List<String> words;
        private @Nullable String unit;
        private @Nullable String city;
        private @Nullable String state;
        private @Nullable String postalCode;

        Parse(List<String> words) {
            this.words = words;
        }

        Optional<Address> address() {
            String number = words.removeFirst();
            if (!words.isEmpty() && FRACTION.matcher(words.getFirst()).matches()) {
                number = number + " " + words.removeFirst();
            }
            postalCode();
            state();
            dropCommasAtTheEnd();
            unit();
            city();
            words.removeIf(word -> word.equals(",") || word.equals("#"));
            if (words.isEmpty()) {
                return Optional.empty();
            }
            bareUnit();
            String before = words.size() > 1 ? UspsWords.direction(words.getFirst()) : null;
            // N ST in some towns is a street named by a letter
            if (before != null && !(words.size() == 2 && UspsWords.suffix(words.get(1)) != null)) {
                words.removeFirst();
            } else {
                before = null;
            }
            String after = words.size() > 1 ? UspsWords.direction(words.getLast()) : null;
            if (after != null) {
                words.removeLast();
            }
            String suffix = words.size() > 1 ? UspsWords.suffix(words.getLast()) : null;
            if (suffix != null) {
                words.removeLast();
            }
            String street = String.join(" ", words.stream().map(UspsWords::name).toList());
            return Optional.of(new Address(number, before, street, suffix, after, unit, city, state, postalCode));
        }

        private void postalCode() {
            if (words.size() > 1) {
                String zip = zip(words.getLast());
                if (zip != null) {
                    postalCode = zip;
                    words.removeLast();
                    dropCommasAtTheEnd();
                }
            }
        }

        private void state() {
            if (words.size() > 2) {
                String found = UspsWords.state(words.getLast());
                boolean told = postalCode != null || words.contains(",");
                if (found != null && (told || UspsWords.suffix(words.getLast()) == null)) {
                    state = found;
                    words.removeLast();
                }
            }
        }

        private void dropCommasAtTheEnd() {
            while (!words.isEmpty() && words.getLast().equals(",")) {
                words.removeLast();
            }
        }

        /** A designator and the word behind it, wherever they stand behind the street. */
        private void unit() {
            for (int i = 1; i < words.size() - 1; i++) {
                if (UspsWords.unit(words.get(i)) != null && isUnitNumber(i + 1)) {
                    int value = words.get(i + 1).equals("#") && i + 2 < words.size() ? i + 2 : i + 1;
                    unit = words.get(value);
                    for (int k = value; k >= i; k--) {
                        words.remove(k);
                    }
                    return;
                }
            }
        }

        /** 12 MAIN ST 4: a number behind the suffix, but not that of a highway. */
        private void bareUnit() {
            if (unit == null
                    && words.size() > 2
                    && BARE_UNIT.matcher(words.getLast()).matches()) {
                String suffix = UspsWords.suffix(words.get(words.size() - 2));
                if (suffix != null && !suffix.equals("HWY")) {
                    unit = words.removeLast();
                }
            }
        }

        /** LOT and FL are names, too: what follows must look like a unit's number. */
        private boolean isUnitNumber(int at) {
            String word = words.get(at);
            return word.equals("#") || word.length() <= 2 || word.chars().anyMatch(Character::isDigit);
        }

        /** What stands behind the last comma, or behind the suffix when there is no comma. */
        private void city() {
            int comma = words.lastIndexOf(",");
            if (comma > 0) {
                city = cityOf(words.subList(comma + 1, words.size()));
                words.subList(comma, words.size()).clear();
                int earlier = words.indexOf(",");
                if (earlier > 0) {
                    // 12 MAIN ST, 4, TOLEDO: what stands between is a unit
                    List<String> between = words.subList(earlier + 1, words.size());
                    if (unit == null && between.size() == 1) {
                        unit = between.getFirst();
                    }
                    words.subList(earlier, words.size()).clear();
                }
                return;
            }
            for (int i = words.size() - 2; i >= 1; i--) {
                if (UspsWords.suffix(words.get(i)) != null) {
                    int end = i + 1;
                    boolean numbered = BARE_UNIT.matcher(words.get(end)).matches();
                    if (numbered && "HWY".equals(UspsWords.suffix(words.get(i)))) {
                        end++;
                    } else if (numbered && unit == null) {
                        unit = words.remove(end);
                    }
                    if (end < words.size() - 1 && UspsWords.direction(words.get(end)) != null) {
                        end++;
                    }
                    if (end < words.size()
                            && !(end == words.size() - 1 && UspsWords.direction(words.get(end)) != null)) {
                        city = cityOf(words.subList(end, words.size()));
                        words.subList(end, words.size()).clear();
                    }
                    return;
                }
            }
        }

        private static @Nullable String cityOf(List<String> part) {
            String joined = String.join(
                    " ", part.stream().filter(word -> !word.equals("#")).toList());
            return joined.isEmpty() ? null : joined;
        }
    }
}
