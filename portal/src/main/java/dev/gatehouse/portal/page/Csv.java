package dev.gatehouse.portal.page;

/** Cells of CSV files. */
final class Csv {
    private Csv() {}

    /**
     * A cell by RFC 4180, in which no spreadsheet finds a formula.
     *
     * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP: CSV injection</a>
     */
    static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[A-Za-z0-9_.:' -]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
